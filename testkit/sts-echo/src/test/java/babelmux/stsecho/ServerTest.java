package babelmux.stsecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.protocol.StsService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.socket.client.IO;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection: HTTP beside the socket, handshake, limits, tokens, restarts. */
@Tag("slow")
class ServerTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private static StsEcho start() throws IOException {
    return StsEcho.start(StsEchoConfig.builder().port(0).build());
  }

  private static HttpResponse<String> get(StsEcho server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void healthIsAnsweredOnTheSamePort() throws Exception {
    try (StsEcho server = start();
        TestClient client = TestClient.connect(server)) {
      HttpResponse<String> response = get(server, "/health");
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode body = TestClient.JSON.readTree(response.body());
      assertThat(body.get("status").asText()).isEqualTo("healthy");
      assertThat(body.get("service").asText()).isEqualTo("sts-echo");
      assertThat(body.get("connections").asInt()).isEqualTo(1);
      assertThat(client.socket.connected()).isTrue();
    }
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    try (StsEcho server = start()) {
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(404);
      assertThat(get(server, "/ws/sts/?EIO=4&transport=polling").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theHandshakeTellsThePingTimes() throws Exception {
    try (StsEcho server = start()) {
      HttpResponse<String> response = get(server, "/socket.io/?EIO=4&transport=polling");
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode open = TestClient.JSON.readTree(response.body().substring(1));
      assertThat(open.get("pingInterval").asInt()).isEqualTo(25_000);
      assertThat(open.get("pingTimeout").asInt()).isEqualTo(10_000);
      assertThat(open.get("upgrades").get(0).asText()).isEqualTo("websocket");
    }
  }

  @Test
  void onlyEngineVersionFourIsSpoken() throws Exception {
    try (StsEcho server = start()) {
      HttpResponse<String> response = get(server, "/socket.io/?EIO=3&transport=polling");
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(TestClient.JSON.readTree(response.body()).get("code").asInt()).isEqualTo(5);
    }
  }

  @Test
  void anotherNamespaceIsRefused() throws Exception {
    try (StsEcho server = start();
        TestClient client =
            TestClient.open(URI.create(server.url() + "/sts"), TestClient.options())) {
      client.await("connect_error");
    }
  }

  @Test
  void theTokenIsAskedForOnlyWhenSet() throws Exception {
    try (StsEcho server = StsEcho.start(StsEchoConfig.builder().port(0).token("s3cret").build())) {
      IO.Options right = TestClient.options();
      right.auth = Map.of("token", "s3cret");
      try (TestClient client = TestClient.connect(server, right)) {
        client.begin("demo");
      }
      IO.Options wrong = TestClient.options();
      wrong.auth = Map.of("token", "guess");
      try (TestClient client = TestClient.open(server.url(), wrong)) {
        assertThat(client.await("connect_error").asText()).contains("AUTH_FAILED");
      }
      try (TestClient client = TestClient.open(server.url(), TestClient.options())) {
        assertThat(client.await("connect_error").asText()).contains("AUTH_FAILED");
      }
    }
  }

  private static int drill(StsEcho server, String method, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/drill/faults"))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString("rules: [{do: drop}]"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void theDrillIsForThoseWhoHaveTheToken() throws Exception {
    try (StsEcho server = StsEcho.start(StsEchoConfig.builder().port(0).token("s3cret").build())) {
      for (String wrong : List.of("", "Bearer guess", "Bearer", "Bearer ", "Basic s3cret")) {
        assertThat(drill(server, "PUT", wrong)).as(wrong).isEqualTo(401);
        assertThat(drill(server, "GET", wrong)).as(wrong).isEqualTo(401);
      }
      JsonNode health = TestClient.JSON.readTree(get(server, "/health").body());
      assertThat(health.get("faults").asInt()).as("nobody has planned any").isZero();
      assertThat(drill(server, "PUT", "Bearer s3cret")).isEqualTo(200);
      assertThat(drill(server, "GET", "bearer s3cret")).isEqualTo(200);
    }
  }

  @Test
  void aMonitorNeedsTheTokenToo() throws Exception {
    try (StsEcho server = StsEcho.start(StsEchoConfig.builder().port(0).token("s3cret").build())) {
      IO.Options without = TestClient.options();
      without.auth = Map.of("role", "monitor");
      try (TestClient monitor = TestClient.open(server.url(), without)) {
        assertThat(monitor.await("connect_error").asText()).contains("AUTH_FAILED");
      }
    }
  }

  @Test
  void withoutATokenOnlyThisMachineMayWatchAndPlan() {
    ObjectNode monitor = TestClient.JSON.createObjectNode().put("role", "monitor");
    ObjectNode worker = TestClient.JSON.createObjectNode();
    try (StsService open = service(StsEchoConfig.builder());
        StsService closed = service(StsEchoConfig.builder().token("s3cret"))) {
      assertThat(open.refuse(monitor, "", true)).isEmpty();
      assertThat(open.refuse(monitor, "", false)).get().asString().contains("--token");
      assertThat(open.refuse(worker, "", false)).isEmpty();
      assertThat(open.mayControl("", true)).isTrue();
      assertThat(open.mayControl("", false)).isFalse();
      assertThat(closed.mayControl("s3cret", false)).isTrue();
      assertThat(closed.mayControl("", true)).isFalse();
      assertThat(closed.refuse(monitor.put("token", "s3cret"), "", false)).isEmpty();
    }
  }

  private static StsService service(StsEchoConfig.Builder config) {
    return new StsService(config.build().protocolSettings(), FaultPlan.NONE, Clock.systemUTC());
  }

  @Test
  void itsPathCanBeSet() throws Exception {
    for (String path : List.of("/ws/sts", "/ws/sts/")) {
      try (StsEcho server = StsEcho.start(StsEchoConfig.builder().port(0).path(path).build())) {
        assertThat(get(server, "/ws/sts/?EIO=4&transport=polling").statusCode()).isEqualTo(200);
        assertThat(get(server, "/socket.io/?EIO=4&transport=polling").statusCode()).isEqualTo(404);
      }
    }
    for (String bad : List.of("", "ws", "/", "/health", "/drill", "/a?b", "/a b")) {
      assertThatThrownBy(() -> StsEchoConfig.builder().path(bad).build())
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("path");
    }
  }

  @Test
  void aRefusedClientIsNotListenedTo() throws Exception {
    try (StsEcho server = StsEcho.start(StsEchoConfig.builder().port(0).token("s3cret").build());
        RawSocket raw = new RawSocket(server)) {
      assertThat(raw.next()).startsWith("0{");
      raw.send("40");
      assertThat(raw.next()).startsWith("44");
      raw.send("42[\"stream:init\"," + TestClient.init("demo") + "]");
      raw.send("42[\"simulate:disconnect\",{}]");
      assertThat(raw.poll(500)).isNull();
    }
  }

  @Test
  void theTokenIsNotShown() {
    StsEchoConfig config = StsEchoConfig.builder().token("s3cret").build();
    assertThat(config.toString()).doesNotContain("s3cret");
    assertThat(config.protocolSettings().toString()).doesNotContain("s3cret");
  }

  @Test
  void pingsComeAtTheIntervalSet() throws Exception {
    StsEchoConfig config =
        StsEchoConfig.builder()
            .port(0)
            .pingInterval(Duration.ofMillis(200))
            .pingTimeout(Duration.ofMillis(600))
            .build();
    try (StsEcho server = StsEcho.start(config);
        RawSocket raw = new RawSocket(server)) {
      raw.next();
      assertThat(raw.next()).isEqualTo("2");
      raw.send("3");
      List<String> unanswered = new ArrayList<>();
      while (!unanswered.contains("41")) {
        unanswered.add(raw.next());
      }
      assertThat(unanswered).startsWith("2", "2").hasSizeLessThan(8);
    }
  }

  @Test
  void brokenMessagesEndTheConnectionAndNothingElse() throws Exception {
    try (StsEcho server = start();
        TestClient witness = TestClient.connect(server)) {
      for (String broken :
          new String[] {"42[\"stream:init\",{]", "42nonsense", "49", "4", "42", "xyz", "42[1,2]"}) {
        try (RawSocket raw = new RawSocket(server)) {
          raw.next();
          raw.send("40");
          raw.next();
          raw.send(broken);
          raw.send("42[\"stream:init\",[1,2,3]]");
          String answer = raw.poll(300);
          assertThat(answer == null || answer.contains("INVALID_CONFIG") || answer.equals("41"))
              .as("answer to %s: %s", broken, answer)
              .isTrue();
        }
      }
      witness.begin("demo");
    }
  }

  @Test
  void aFrameBeyondSixteenMebibytesClosesTheConnectionWithoutAnEvent() throws Exception {
    try (StsEcho server = start();
        RawSocket raw = new RawSocket(server)) {
      raw.next();
      raw.send("40");
      raw.next();
      raw.send("42[\"fragment:data\",\"" + "A".repeat(16 << 20) + "\"]");
      assertThat(raw.closed.get(10, TimeUnit.SECONDS)).startsWith("1009");
      assertThat(raw.poll(100)).isNull();
    }
  }

  @Test
  void theSamePortCanBeTakenAgainAtOnceAndNotTwice() throws Exception {
    int port;
    try (StsEcho server = start();
        TestClient client = TestClient.connect(server)) {
      port = server.port();
      assertThat(client.socket.connected()).isTrue();
      assertThatThrownBy(() -> StsEcho.start(StsEchoConfig.builder().port(port).build()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    }
    try (StsEcho again = StsEcho.start(StsEchoConfig.builder().port(port).build());
        TestClient client = TestClient.connect(again)) {
      client.begin("demo");
    }
  }

  @Test
  void closingLeavesNoThread() throws Exception {
    try (StsEcho server = start();
        TestClient client = TestClient.connect(server)) {
      client.begin("demo");
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(
                        Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("sts-echo")))
                    .isEmpty());
  }

  /** A WebSocket that speaks Engine.IO by hand. */
  private static final class RawSocket implements AutoCloseable, WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;
    final CompletableFuture<String> closed = new CompletableFuture<>();

    RawSocket(StsEcho server) throws Exception {
      URI url =
          URI.create("ws://127.0.0.1:" + server.port() + "/socket.io/?EIO=4&transport=websocket");
      socket = HTTP.newWebSocketBuilder().buildAsync(url, this).get(5, TimeUnit.SECONDS);
    }

    void send(String text) {
      try {
        socket.sendText(text, true).get(5, TimeUnit.SECONDS);
      } catch (Exception e) {
        closed.complete("send failed");
      }
    }

    String next() throws InterruptedException {
      String message = messages.poll(5, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }

    @Nullable String poll(long ms) throws InterruptedException {
      return messages.poll(ms, TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(partial.toString());
        partial.setLength(0);
      }
      ws.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
      closed.complete(code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket ws, Throwable error) {
      closed.complete(error.toString());
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
