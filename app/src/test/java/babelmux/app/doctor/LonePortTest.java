package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.TestStreams;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The port of a doctor without a worker, and the doctor of one. */
@Timeout(60)
class LonePortTest {
  private static WorkerConfig config(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("http.port", "0");
    settings.put("mediamtx.rtmp-url", "rtmp://127.0.0.1:1");
    settings.put("mediamtx.api-url", "http://127.0.0.1:1");
    settings.put("sts.skip", "true");
    for (int n = 0; n < more.length; n += 2) {
      settings.put(more[n], more[n + 1]);
    }
    return ConfigLoader.load(settings, Map.of(), null).config();
  }

  private static HttpResponse<String> hook(LonePort port, String id) throws Exception {
    String body =
        "{\"path\":\"live/%s/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}".formatted(id);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v1/mediamtx/events/ready"
                        .formatted(port.host().boundPort())))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itNotesItsOwnHooksAndHasRealOnesSentAgain() throws Exception {
    try (LonePort port = new LonePort(config())) {
      TestStreams tests = requireNonNull(port.host().tests());
      String id = tests.issue();
      assertThat(hook(port, id).statusCode()).isEqualTo(200);
      assertThat(tests.arrivals(id).ready()).isTrue();
      HttpResponse<String> real = hook(port, "demo");
      assertThat(real.statusCode()).isEqualTo(503);
      assertThat(real.headers().firstValue("Retry-After")).isPresent();
      assertThat(real.body()).contains("no_worker");
      HttpRequest ready =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/health/ready".formatted(port.host().boundPort())))
              .build();
      assertThat(
              HttpClient.newHttpClient()
                  .send(ready, HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .as("no probe takes it for a worker")
          .isEqualTo(404);
    }
  }

  @Test
  void itHasTheWorkersRulesForHooks() throws Exception {
    WorkerConfig config = config("api.token", "a-token-of-16-ch", "api.token-for-hooks", "true");
    try (LonePort port = new LonePort(config)) {
      TestStreams tests = requireNonNull(port.host().tests());
      String id = tests.issue();
      assertThat(hook(port, id).statusCode()).isEqualTo(401);
      assertThat(tests.arrivals(id).ready()).isFalse();
      assertThat(tests.arrivals(id).refused()).containsExactly("token_missing");
    }
  }

  @Test
  void aPortThatIsTakenIsAFinding() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LonePort port = new LonePort(config("http.port", Integer.toString(taken.getLocalPort())))) {
      assertThat(port.host().port().code()).isEqualTo(Code.PORT);
      assertThat(port.host().tests()).isNull();
    }
  }

  @Test
  void aWorkersDoctorRunsOnceAtATimeAndKeepsItsReport() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch let = new CountDownLatch(1);
    Setup setup = new Setup("1", config(), List.of(), List.of(), Map.of());
    WorkerDoctor doctor =
        new WorkerDoctor(
            setup,
            () -> {
              runs.countDown();
              try {
                let.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Host.worker("here", 1, new TestStreams(), Set::of, () -> 0);
            });
    assertThat(doctor.last()).isEmpty();
    CompletableFuture<Optional<Object>> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return doctor.run(false);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    runs.await();
    assertThat(doctor.run(false)).as("another one runs").isEmpty();
    let.countDown();
    Report report = (Report) first.get().orElseThrow();
    assertThat(doctor.last()).contains(report);
    assertThat(report.findings().stream().map(Finding::code))
        .contains(Code.RTMP_UNREACHABLE)
        .doesNotContain(Code.API_UNREACHABLE, Code.HOOK_LOST, Code.PUBLISH_FAILED);
    assertThat(doctor.run(false)).as("and the next one").isPresent();
  }
}
