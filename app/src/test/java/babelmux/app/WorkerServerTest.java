package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.app.doctor.WorkerClient;
import babelmux.hooks.HookListener;
import babelmux.hooks.TestStreams;
import babelmux.worker.api.Readiness;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.streams.StreamDirectory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WorkerServerTest {
  private final List<String> calls = new ArrayList<>();

  /** The real part that runs streams, and what is asked of it. */
  private class Watched implements StreamRunner {
    private final DubbingStreams streams;

    Watched(DubbingStreams streams) {
      this.streams = streams;
    }

    @Override
    public void start() {
      calls.add("start");
      streams.start();
    }

    @Override
    public StreamDirectory directory() {
      return streams.directory();
    }

    @Override
    public HookListener hooks() {
      return streams.hooks();
    }

    @Override
    public TestStreams tests() {
      return streams.tests();
    }

    @Override
    public Readiness readiness() {
      return streams.readiness();
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
      return streams.drain(limit);
    }

    @Override
    public void close() {
      calls.add("close");
      streams.close();
    }
  }

  private WorkerServer serve(int port) throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of("http.port", Integer.toString(port), "mediamtx.api-url", "http://127.0.0.1:1");
    WorkerConfig config = ConfigLoader.load(settings, Map.of(), null).config();
    return new WorkerServer(
        config, (worker, metrics) -> new Watched(new DubbingStreams(worker, metrics)));
  }

  /** The address of a server that hears only that somebody connects. */
  private static String rtmp(ServerSocket server) throws IOException {
    server.setSoTimeout(20_000);
    return "rtmp://127.0.0.1:" + server.getLocalPort();
  }

  private static void publish(WorkerServer server, String stream) throws Exception {
    String body =
        "{\"path\":\"live/%s/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}"
            .formatted(stream);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/v1/mediamtx/events/ready".formatted(server.port())))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  @Timeout(60)
  void whatIsReadAgainIsUsedByTheNextStreamAndTheNextRequest(@TempDir Path folder)
      throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    Path rtmp = folder.resolve("rtmp-url");
    Path api = folder.resolve("api-url");
    List<String> sent = new CopyOnWriteArrayList<>();
    HttpServer control = HttpServer.create(new InetSocketAddress(here, 0), 0);
    control.createContext(
        "/",
        exchange -> {
          sent.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] body = "{\"items\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    control.start();
    try (ServerSocket first = new ServerSocket(0, 50, here);
        ServerSocket second = new ServerSocket(0, 50, here)) {
      String apiAt = "@127.0.0.1:" + control.getAddress().getPort();
      Files.writeString(rtmp, rtmp(first));
      Files.writeString(api, "http://u:old" + apiAt);
      Map<String, String> settings =
          Map.of(
              "http.port", "0",
              "sts.skip", "true",
              "mediamtx.reconcile-interval", "1s",
              "mediamtx.rtmp-url", "@" + rtmp,
              "mediamtx.api-url", "@" + api);
      LoadedConfig loaded = ConfigLoader.load(settings, Map.of(), null);
      try (WorkerServer server = new WorkerServer(loaded.config(), DubbingStreams::new).begin()) {
        publish(server, "early");
        first.accept().close();
        await().until(() -> sent.contains("Basic dTpvbGQ="));
        Files.writeString(rtmp, rtmp(second));
        Files.writeString(api, "http://u:new" + apiAt);
        server.readAgain(loaded.secrets());
        publish(server, "late");
        second.accept().close();
        await().until(() -> sent.contains("Basic dTpuZXc="));
      }
    } finally {
      control.stop(0);
    }
  }

  @Test
  void aScrapeSaysWhatHealthSays() throws Exception {
    try (WorkerServer server = serve(0).begin()) {
      // Its Control API is a port on which nothing listens.
      await()
          .until(
              () ->
                  get(server, "/metrics")
                      .contains("\nworker_degraded{component=\"mediamtx-api\"} 1.0\n"));
      assertThat(get(server, "/metrics"))
          .contains("\nworker_ready 1.0\n", "\nworker_degraded{component=\"sts\"} 0.0\n");
      assertThat(get(server, "/health/ready")).contains("mediamtx-api");
      server.drain();
      assertThat(get(server, "/metrics")).contains("\nworker_ready 0.0\n");
    }
  }

  @Test
  void aBrowserGetsThePageAndProgramsGetWhatTheyLookFor() throws Exception {
    try (WorkerServer server = serve(0)) {
      assertThat(get(server, "/")).startsWith("{\"service\":\"stream-orchestration\"");
      Map<String, String> port = Map.of("http.port", Integer.toString(server.port()));
      WorkerConfig asked = ConfigLoader.load(port, Map.of(), null).config();
      assertThat(new WorkerClient(asked).isThere()).as("doctor finds it").isTrue();
      URI url = URI.create("http://127.0.0.1:" + server.port() + "/");
      HttpRequest browser =
          HttpRequest.newBuilder(url)
              .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
              .build();
      HttpResponse<String> shell =
          HttpClient.newHttpClient().send(browser, HttpResponse.BodyHandlers.ofString());
      assertThat(shell.body()).contains("page/main.js");
      assertThat(shell.headers().firstValue("Content-Security-Policy")).isPresent();
      assertThat(get(server, "/page/main.js")).contains("import ");
      assertThat(get(server, "/page/nothing.js")).contains("not_found");
    }
  }

  private static String get(WorkerServer server, String path) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Takes no other credentials. */
  private final class Stubborn extends Watched {
    Stubborn(DubbingStreams streams) {
      super(streams);
    }

    @Override
    public void use(WorkerConfig changed) {
      throw new NoClassDefFoundError("of a test");
    }
  }

  private static int delete(WorkerServer server, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/v1/streams/none".formatted(server.port())))
            .header("Authorization", "Bearer " + token)
            .DELETE()
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aTokenThatWasReplacedIsRefusedThoughAnotherPartCannotTakeItsNewValues(@TempDir Path folder)
      throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "old-token-of-a-test");
    LoadedConfig loaded =
        ConfigLoader.load(
            Map.of(
                "http.port",
                "0",
                "api.token",
                "@" + token,
                "mediamtx.api-url",
                "http://127.0.0.1:1"),
            Map.of(),
            null);
    try (WorkerServer server =
        new WorkerServer(
            loaded.config(),
            (worker, metrics) -> new Stubborn(new DubbingStreams(worker, metrics)))) {
      assertThat(delete(server, "old-token-of-a-test")).isEqualTo(404);
      Files.writeString(token, "new-token-of-a-test");
      assertThatThrownBy(() -> server.readAgain(loaded.secrets()))
          .isInstanceOf(NoClassDefFoundError.class);
      assertThat(delete(server, "old-token-of-a-test")).isEqualTo(401);
      assertThat(delete(server, "new-token-of-a-test")).isEqualTo(404);
    }
  }

  @Test
  void everyStepRunsAndTheFirstFailureIsThrownWithTheOthers() {
    IllegalStateException first = new IllegalStateException("first");
    Error second = new NoClassDefFoundError("second");
    assertThatThrownBy(
            () ->
                EachStep.run(
                    () -> calls.add("a"),
                    () -> {
                      throw first;
                    },
                    () -> {
                      throw second;
                    },
                    () -> calls.add("b")))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(calls).containsExactly("a", "b");
  }

  @Test
  void aWorkerWhosePortIsTakenLooksForNoStreams() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> serve(taken.getLocalPort()).begin()).isInstanceOf(IOException.class);
    }
    assertThat(calls).containsExactly("close");
  }

  @Test
  void streamsAreLookedForWhenThePortIsBound() throws Exception {
    try (WorkerServer server = serve(0)) {
      assertThat(server.port()).isPositive();
      assertThat(calls).isEmpty();
      server.begin();
      assertThat(calls).containsExactly("start");
    }
    assertThat(calls).containsExactly("start", "close");
  }

  @Test
  void whatIsClosedCanBeClosedAgain() throws Exception {
    WorkerServer server = serve(0);
    server.close();
    assertThatCode(server::close).doesNotThrowAnyException();
  }
}
