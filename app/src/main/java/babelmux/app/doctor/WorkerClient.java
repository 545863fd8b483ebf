package babelmux.app.doctor;

import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.config.TlsConfig;
import babelmux.worker.config.WorkerConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the worker that runs on the port of the settings. Whoever makes it closes it. */
public final class WorkerClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration FIND_LIMIT = Duration.ofSeconds(3);
  private static final Duration RUN_LIMIT = Duration.ofSeconds(70);
  private static final long PAUSE_MILLIS = 2_000;
  private static final int RUNNING = 409;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
  private final WorkerConfig config;
  private final HttpClient client;

  /**
   * An answer.
   *
   * @param status 0 when none came
   * @param body the reason, when none came
   */
  public record Answer(int status, String body) {}

  /** A client of the port that these settings name. */
  public WorkerClient(WorkerConfig config) {
    this.config = config;
    HttpConfig http = config.http();
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(address(http.host()))
            .setDefaultPort(http.port())
            .setConnectTimeout((int) FIND_LIMIT.toMillis());
    TlsConfig tls = http.tls();
    if (tls != null) {
      // It is asked by its address, and its own certificate is what is trusted.
      options
          .setSsl(true)
          .setVerifyHost(false)
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.cert().toString()));
    }
    client = vertx.createHttpClient(options);
  }

  /** All addresses of this machine are not one that can be asked. */
  private static String address(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "::1";
      default -> host;
    };
  }

  /** Returns whether a worker answers there. */
  public boolean isThere() throws InterruptedException {
    if (config.http().port() == 0) {
      return false;
    }
    Answer answer = ask(HttpMethod.GET, "/", FIND_LIMIT);
    try {
      return answer.status() == 200
          && JSON.readTree(answer.body()).path("service").asText().equals("stream-orchestration");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /**
   * Has the worker look. Waits for a run that is going on, and blocks for a minute or two at most.
   *
   * @return its report, or the answer that says why there is none
   */
  public Answer run(boolean publish) throws InterruptedException {
    String path = publish ? "/v1/doctor" : "/v1/doctor?publish=false";
    long endNanos = System.nanoTime() + RUN_LIMIT.toNanos();
    while (true) {
      Answer answer = ask(HttpMethod.POST, path, RUN_LIMIT);
      if (answer.status() != RUNNING || System.nanoTime() - endNanos > 0) {
        return answer;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private Answer ask(HttpMethod method, String path, Duration limit) throws InterruptedException {
    RequestOptions options = new RequestOptions().setMethod(method).setURI(path);
    Secret token = config.access().token();
    if (token != null && !method.equals(HttpMethod.GET)) {
      options.putHeader("Authorization", "Bearer " + token.reveal());
    }
    try {
      return client
          .request(options)
          .compose(request -> request.send())
          .compose(
              response ->
                  response.body().map(body -> new Answer(response.statusCode(), body.toString())))
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return new Answer(0, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within %d s".formatted(limit.toSeconds()));
    }
  }

  /** The report in an answer; empty when it has none. */
  public static Optional<Report> report(Answer answer) {
    return answer.status() == 200 ? Report.parse(answer.body()) : Optional.empty();
  }

  /** What keeps doctor from asking. */
  public static Finding refusal(Answer answer) {
    return Finding.of(Code.WORKER_REFUSES, reason(answer));
  }

  private static String reason(Answer answer) {
    @Nullable String detail = null;
    try {
      detail = JSON.readTree(answer.body()).path("detail").asText(null);
    } catch (JsonProcessingException e) {
      detail = answer.body();
    }
    return "it answers with %d: %s".formatted(answer.status(), detail);
  }

  @Override
  public void close() {
    client.close();
    vertx.close();
  }
}
