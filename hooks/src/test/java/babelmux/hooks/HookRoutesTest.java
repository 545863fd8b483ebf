package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Tag("slow")
class HookRoutesTest {

  private static final String READY = "/v1/mediamtx/events/ready";
  private static final String NOT_READY = "/v1/mediamtx/events/not-ready";
  private static final String GOOD =
      "{\"path\":\"live/demo/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"id-1\",\"query\":\"lang%3Des%26x%3Da%2520b\"}";
  private static final JsonMapper JSON = new JsonMapper();

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private HookServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HookServer();
    logged.start();
    root().addAppender(logged);
  }

  @AfterEach
  void stop() throws Exception {
    root().detachAppender(logged);
    server.close();
    assertThat(logged.list)
        .as("nothing that a sender does is an error of ours, or a stack trace")
        .noneMatch(e -> e.getThrowableProxy() != null)
        .noneMatch(
            e ->
                e.getLoggerName().startsWith("babelmux")
                    && e.getLevel().isGreaterOrEqual(Level.ERROR))
        .noneMatch(e -> e.getFormattedMessage().chars().anyMatch(c -> c < 0x20));
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  @Test
  void readyStartsAWorker() throws Exception {
    HttpResponse<String> response = server.post(READY, GOOD);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.path("status").asText()).isEqualTo("worker_started");
    assertThat(body.path("stream_id").asText()).isEqualTo("demo");
    assertThat(body.path("message").asText()).isNotBlank();
    assertThat(server.ready).hasSize(1);
    SourceEvent event = server.ready.get(0);
    assertThat(event)
        .isEqualTo(
            new SourceEvent(
                "live/demo/in",
                "demo",
                Direction.IN,
                "rtmpConn",
                "id-1",
                "lang=es&x=a%20b",
                body.path("correlation_id").asText()));
    assertThat(event.correlationId()).isNotBlank();
  }

  @Test
  void notReadyStopsIt() throws Exception {
    HttpResponse<String> response = server.post(NOT_READY, GOOD);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).path("status").asText()).isEqualTo("worker_stopped");
    assertThat(server.notReady).hasSize(1);
    assertThat(server.ready).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/hooks/mediamtx/on-ready, worker_started",
    "/hooks/mediamtx/ready, worker_started",
    "/hooks/mediamtx/on-not-ready, worker_stopped",
    "/hooks/mediamtx/not-ready, worker_stopped",
  })
  void aliases(String path, String status) throws Exception {
    assertThat(JSON.readTree(server.post(path, GOOD).body()).path("status").asText())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {READY, NOT_READY})
  void ourOwnOutputIsSkippedUnseen(String path) throws Exception {
    HttpResponse<String> response = server.post(path, GOOD.replace("/in", "/out"));
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.path("status").asText()).isEqualTo("skipped");
    assertThat(body.path("direction").asText()).isEqualTo("out");
    assertThat(body.path("stream_id").asText()).isEqualTo("demo");
    assertThat(body.path("message").asText()).isNotBlank();
    assertThat(server.ready).isEmpty();
    assertThat(server.notReady).isEmpty();
  }

  @Test
  void skippedVerdictIsSkipped() throws Exception {
    server.onReady = event -> new HookVerdict.Skipped("that source has left");
    HttpResponse<String> response = server.post(READY, GOOD);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.path("status").asText()).isEqualTo("skipped");
    assertThat(body.path("message").asText()).isEqualTo("that source has left");
    assertThat(body.path("direction").asText()).isEqualTo("in");
  }

  @Test
  void refusalSaysWhenToComeBack() throws Exception {
    server.onReady =
        event -> new HookVerdict.Refused("at_capacity", "full", "4 of 4 streams run", 7);
    HttpResponse<String> response = server.post(READY, GOOD);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.path("code").asText()).isEqualTo("at_capacity");
    assertThat(body.path("reason").asText()).isEqualTo("full");
    assertThat(body.path("detail").asText()).isEqualTo("4 of 4 streams run");
  }

  @Test
  void snakeCaseNamesAndACallersCorrelationId() throws Exception {
    HttpResponse<String> response =
        server.post(
            READY,
            "{\"path\":\"live/demo/in\",\"source_type\":\"srtConn\",\"source_id\":\"s\",\"query\":null,"
                + "\"correlation_id\":\"abc-1\",\"timestamp\":\"2026-11-21T00:00:00Z\",\"new\":{\"a\":[1]}}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).path("correlation_id").asText()).isEqualTo("abc-1");
    assertThat(server.ready.get(0).sourceType()).isEqualTo("srtConn");
    assertThat(server.ready.get(0).query()).isEmpty();
  }

  @Test
  void sourceThatMediaMtxPullsHasNoId() throws Exception {
    assertThat(
            server
                .post(
                    READY,
                    "{\"path\":\"live/a/in\",\"sourceType\":\"rtspSource\",\"sourceId\":\"\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(server.ready.get(0).sourceId()).isEmpty();
  }

  static List<String[]> badBodies() {
    String deep = "[".repeat(20_000) + "]".repeat(20_000);
    List<String[]> bad = new ArrayList<>();
    bad.add(new String[] {"body", ""});
    bad.add(new String[] {"body", "nonsense"});
    bad.add(new String[] {"body", "{\"path\":"});
    bad.add(new String[] {"body", GOOD + GOOD});
    bad.add(new String[] {"body", "[" + GOOD + "]"});
    bad.add(new String[] {"body", "\"live/demo/in\""});
    bad.add(new String[] {"body", "null"});
    bad.add(new String[] {"body", "NaN"});
    bad.add(new String[] {"body", "1e999999999"});
    bad.add(new String[] {"body", "9".repeat(60_000)});
    bad.add(new String[] {"body", deep});
    bad.add(new String[] {"body", GOOD.replace("{", "{\"x\":" + deep + ",")});
    bad.add(new String[] {"body", GOOD.replace("{", "{\"path\":\"live/a/in\",")});
    bad.add(new String[] {"body", GOOD.replace("demo", "de\nmo")});
    bad.add(new String[] {"body", GOOD.replace("demo", "\u0000")});
    bad.add(new String[] {"path", GOOD.replace("demo", "..")});
    bad.add(new String[] {"path", GOOD.replace("demo", "../../etc")});
    bad.add(new String[] {"path", GOOD.replace("demo", "a%00")});
    bad.add(new String[] {"path", GOOD.replace("demo", "a\\u0000")});
    bad.add(new String[] {"path", GOOD.replace("demo", "a\\\"b")});
    bad.add(new String[] {"path", GOOD.replace("demo", "a'b")});
    bad.add(new String[] {"path", GOOD.replace("demo", "\\ud800")});
    bad.add(new String[] {"path", GOOD.replace("demo", "x".repeat(30_000))});
    bad.add(new String[] {"path", GOOD.replace("live/demo/in", "<script>alert(1)</script>")});
    bad.add(new String[] {"path", GOOD.replace("live/demo/in", "live/demo/side")});
    bad.add(new String[] {"path", GOOD.replace("\"live/demo/in\"", "7")});
    bad.add(new String[] {"path", GOOD.replace("\"live/demo/in\"", "null")});
    bad.add(new String[] {"path", GOOD.replace("\"live/demo/in\"", "{\"a\":1}")});
    bad.add(new String[] {"path", "{}"});
    bad.add(new String[] {"sourceType", GOOD.replace("rtmpConn", "")});
    bad.add(new String[] {"sourceType", GOOD.replace("rtmpConn", "  ")});
    bad.add(new String[] {"sourceType", GOOD.replace("rtmpConn", "a\\nb")});
    bad.add(new String[] {"sourceType", GOOD.replace("rtmpConn", "x".repeat(129))});
    bad.add(new String[] {"sourceType", GOOD.replace("\"rtmpConn\"", "true")});
    bad.add(new String[] {"sourceType", GOOD.replace("sourceType", "sourcetype")});
    bad.add(new String[] {"sourceType", GOOD.replace("{", "{\"source_type\":\"other\",")});
    bad.add(new String[] {"sourceId", GOOD.replace("id-1", "")});
    bad.add(new String[] {"sourceId", GOOD.replace("id-1", "\\udc00")});
    bad.add(new String[] {"sourceId", GOOD.replace("\"id-1\"", "[\"id-1\"]")});
    bad.add(new String[] {"sourceId", GOOD.replace("\"sourceId\":\"id-1\",", "")});
    bad.add(new String[] {"query", GOOD.replace("lang%3Des", "%00")});
    bad.add(new String[] {"query", GOOD.replace("lang%3Des", "a=\\\"b\\\"")});
    bad.add(new String[] {"query", GOOD.replace("lang%3Des", "a='b'")});
    bad.add(new String[] {"query", GOOD.replace("lang%3Des", "x".repeat(5000))});
    bad.add(new String[] {"query", GOOD.replaceFirst("\"query\":\".*\"", "\"query\":1.5")});
    bad.add(new String[] {"correlation_id", GOOD.replace("{", "{\"correlation_id\":5,")});
    bad.add(
        new String[] {"correlation_id", GOOD.replace("{", "{\"correlation_id\":\"a\\u0007\",")});
    return bad;
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void badInputIsRefusedWithAReason(String field, String body) throws Exception {
    for (String path : List.of(READY, NOT_READY)) {
      HttpResponse<String> response = server.post(path, body);
      assertThat(response.statusCode()).isEqualTo(422);
      JsonNode answer = JSON.readTree(response.body());
      String detail = answer.path("detail").asText();
      assertThat(answer.size()).isEqualTo(1);
      assertThat(detail).startsWith(field + ": ").contains("expected").hasSizeLessThan(500);
      assertThat(detail.codePoints()).allMatch(Printable::isVisible);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
    assertThat(server.rejected).hasSize(2).allMatch(line -> line.startsWith("422 " + field));
    assertThat(server.ready).isEmpty();
    assertThat(server.notReady).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("babelmux.hooks.QueryTextTest#attacks")
  void aCraftedQueryIsAnsweredAtOnce(String query) throws Exception {
    String body = JSON.writeValueAsString(JSON.createObjectNode().put("query", query));
    String event = GOOD.replaceFirst("\"query\":.*", body.substring(1).replace("\\", "\\\\"));
    assertThat(server.post(READY, event).statusCode()).isIn(200, 422);
    assertThat(server.post(READY, GOOD).statusCode()).isEqualTo(200);
  }

  @Test
  void bodyThatIsNotUtf8IsRefused() throws Exception {
    HttpResponse<String> response =
        server.post(READY, GOOD.replace("demo", "d\u00e9").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).contains("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void largeBodyIsAClean413(boolean chunked) throws Exception {
    byte[] body = ("{\"query\":\"" + "x".repeat(1 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> response =
        server.send(
            READY,
            chunked
                ? HttpRequest.BodyPublishers.ofByteArrays(List.of(body))
                : HttpRequest.BodyPublishers.ofByteArray(body));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(JSON.readTree(response.body()).path("detail").asText())
        .isEqualTo("body: %d bytes: expected at most 65536".formatted(body.length));
    assertThat(server.ready).isEmpty();
  }

  @Test
  void bodyOfExactlyTheLimitIsRead() throws Exception {
    String padded = GOOD + " ".repeat(HookRoutes.MAX_BODY_BYTES - GOOD.length());
    assertThat(server.post(READY, padded).statusCode()).isEqualTo(200);
    assertThat(server.post(READY, padded + " ").statusCode()).isEqualTo(413);
  }

  @Test
  void endlessBodyIsCutOff() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST " + READY + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] part =
          ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      CompletableFuture<Long> sent =
          CompletableFuture.supplyAsync(
              () -> {
                long bytes = 0;
                try {
                  while (bytes < (1L << 30)) {
                    out.write(part);
                    bytes += part.length;
                  }
                } catch (java.io.IOException e) {
                  return bytes;
                }
                return bytes;
              });
      assertThat(sent.get(20, TimeUnit.SECONDS)).isLessThan(64L << 20);
    }
    assertThat(server.ready).isEmpty();
  }

  @Test
  void expectContinueIsHonouredOrRefusedAtOnce() throws Exception {
    String head = "POST " + READY + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    assertThat(raw(head + "Content-Length: 1048576\r\n\r\n")).startsWith("HTTP/1.1 413 ");
    assertThat(
            raw(head + "Connection: close\r\nContent-Length: " + GOOD.length() + "\r\n\r\n" + GOOD))
        .startsWith("HTTP/1.1 100 Continue\r\n")
        .contains("HTTP/1.1 200 OK");
  }

  @Test
  void bodyThatNeverComesIsAnsweredAndClosed() throws Exception {
    assertThat(raw("POST " + READY + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"))
        .startsWith("HTTP/1.1 408 ")
        .contains("body: 1 bytes after 5000 ms: expected all of it");
  }

  @Test
  void senderThatGoesAwayHarmsNobody() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket
            .getOutputStream()
            .write(
                ("POST " + READY + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThat(server.post(READY, GOOD).statusCode()).isEqualTo(200);
    assertThat(server.ready).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
        "a/b;charset=\"\\"
      })
  void contentTypeDecidesNothing(String type) throws Exception {
    assertThat(
            raw(
                "POST "
                    + READY
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
                    + type
                    + "\r\nContent-Length: "
                    + GOOD.length()
                    + "\r\n\r\n"
                    + GOOD))
        .startsWith("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/mediamtx/events/../ready", "/v1/mediamtx/events/ready%00", "/v1/mediamtx/events/",
        "/v1/mediamtx/events/ready/x", "/hooks/mediamtx/%2e%2e/ready", "/hooks/mediamtx/%zz",
        "/v1/mediamtx/events/\"ready\"", "//", "*"
      })
  void nothingElseIsReachable(String target) throws Exception {
    String answer =
        raw(
            "POST "
                + target
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                + GOOD.length()
                + "\r\n\r\n"
                + GOOD);
    assertThat(answer).containsPattern("^HTTP/1.1 4.. ");
    assertThat(server.ready).isEmpty();
  }

  @Test
  void otherMethodsAreToldWhichOneItIs() throws Exception {
    HttpResponse<String> response =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.url(READY)).GET().build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    assertThat(response.body()).contains("expected POST");
  }

  @Test
  void worksBehindABodyHandlerToo() throws Exception {
    try (HookServer other = new HookServer(true)) {
      assertThat(other.post(READY, GOOD).statusCode()).isEqualTo(200);
      assertThat(other.post(READY, "x".repeat(100_000)).statusCode()).isEqualTo(413);
      assertThat(other.post(READY, "").statusCode()).isEqualTo(422);
    }
  }

  @Test
  void failingListenerIsA500WithoutItsReason() throws Exception {
    server.onReady =
        event -> {
          throw new IllegalStateException("inner secret");
        };
    HttpResponse<String> response = server.post(READY, GOOD);
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"detail\":\"Internal server error\"}");
    assertThat(logged.list).anyMatch(e -> e.getThrowableProxy() != null);
    logged.list.clear();
  }

  @Test
  void burstOfTenThousand() throws Exception {
    int total = 10_000;
    int window = 200;
    List<CompletableFuture<HttpResponse<String>>> pending = new ArrayList<>();
    int answered = 0;
    for (int i = 0; i < total; i++) {
      String body = GOOD.replace("demo", "s" + i % 100).replace("id-1", "id-" + i);
      pending.add(
          server
              .client()
              .sendAsync(
                  HttpRequest.newBuilder(server.url(i % 2 == 0 ? READY : NOT_READY))
                      .POST(HttpRequest.BodyPublishers.ofString(i % 10 == 9 ? body + "x" : body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString()));
      if (pending.size() == window) {
        answered += count(pending);
        pending.clear();
      }
    }
    answered += count(pending);
    assertThat(answered).isEqualTo(total);
    assertThat(server.ready).hasSize(5_000);
    assertThat(server.notReady).hasSize(4_000);
    assertThat(server.rejected).hasSize(1_000);
    assertThat(logged.list).as("one aggregated line a second").hasSizeLessThan(60);
  }

  private static int count(List<CompletableFuture<HttpResponse<String>>> pending) throws Exception {
    for (CompletableFuture<HttpResponse<String>> answer : pending) {
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isIn(200, 422);
    }
    return pending.size();
  }

  /** All that the server sends until it closes. */
  private String raw(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
