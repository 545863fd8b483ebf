package babelmux.stsecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.socket.client.IO;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
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
import org.junit.jupiter.api.Test;

/** The connection: HTTP beside the socket, handshake, limits, tokens, restarts. */
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
