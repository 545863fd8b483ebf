package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.origin.FreePort;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What hooks and sources may bring that is wrong, against the running worker's HTTP port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class BadInputIT {
  private static final String READY = "/v1/mediamtx/events/ready";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Running running;

  @BeforeAll
  void start() throws Exception {
    running = Running.start(StsEchoConfig.builder(), Map.of());
  }

  @AfterAll
  void stop() {
    running.close();
  }

  private record Answer(int status, String body) {
    String detail() throws IOException {
      return JSON.readTree(body).path("detail").asText();
    }
  }

  /** Byte for byte: a client's library would refuse to send some of this. */
  private static Answer post(int port, String target, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(target, body.length);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all).startsWith("HTTP/1.1 ");
      return new Answer(
          Integer.parseInt(all.substring(9, 12)), all.substring(all.indexOf("\r\n\r\n") + 4));
    }
  }

  private Answer ready(String body) throws IOException {
    return post(
        running.stack().workerUrl().getPort(), READY, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String event(String path) {
    return "{\"path\":\"%s\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}".formatted(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"path":                                                               | body       | not valid JSON
          []                                                                     | body       | expected one JSON object
          {}                                                                     | path       | missing
          {"sourceType":"rtmpConn","sourceId":"1"}                               | path       | missing
          {"path":"live/a/in","sourceId":"1"}                                    | sourceType | missing
          {"path":"live/a/in","sourceType":"rtmpConn"}                           | sourceId   | missing
          {"path":17,"sourceType":"rtmpConn","sourceId":"1"}                     | path       | 17
          {"path":"","sourceType":"rtmpConn","sourceId":"1"}                     | path       | non-empty
          {"path":"other/place","sourceType":"rtmpConn","sourceId":"1"}          | path       | other/place
          {"path":"live/../in","sourceType":"rtmpConn","sourceId":"1"}           | path       | live/../in
          {"path":"live/a/../../etc/in","sourceType":"rtmpConn","sourceId":"1"}  | path       | ..
          {"path":"live/a\\"b/in","sourceType":"rtmpConn","sourceId":"1"}        | path       | a
          {"path":"live/a'b/in","sourceType":"rtmpConn","sourceId":"1"}          | path       | a'b
          {"path":"live/%00/in","sourceType":"rtmpConn","sourceId":"1"}          | path       | %00
          {"path":"live/a\\u0000/in","sourceType":"rtmpConn","sourceId":"1"}     | path       | expected
          {"path":"live/a/in","sourceType":"rtmpConn","sourceId":"1","query":7}  | query      | 7
          """)
  void aHookThatIsWrongIsRefusedByName(String body, String field, String seen) throws Exception {
    Answer answer = ready(body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail()).startsWith(field + ": ").contains(seen).contains("expected");
    assertThat(running.streams().toString()).doesNotContain("\"path\"").doesNotContain("etc");
    nothingRuns();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/mediamtx/events/unknown, 404",
    "/v1/mediamtx/events/..%2f..%2fetc, 404",
    "/v1/mediamtx/events/%00, 4",
    "/v1/mediamtx/events/ready%00, 4",
    "/../../etc/passwd, 4",
    "/v1/streams/%00, 4",
    "/v1/streams/..%2f, 4",
    "/v1/streams/a%22b, 4",
    "/v1/mediamtx/events/%zz, 4",
  })
  void aTargetThatIsNotThereIsA4xx(String target, String status) throws Exception {
    Answer answer =
        post(
            running.stack().workerUrl().getPort(),
            target,
            event("live/target/in").getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.toString(answer.status())).as(answer.body()).startsWith(status);
    nothingRuns();
  }

  @Test
  void nulAndQuotesInAQueryAreRefusedOrHarmless() throws Exception {
    for (String query : new String[] {"a=%00", "%00", "lang='\\\"; drop", "%zz"}) {
      Answer answer =
          ready(
              "{\"path\":\"other/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\",\"query\":\"%s\"}"
                  .formatted(query));
      assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    }
    Answer nul =
        ready(
            "{\"path\":\"live/nul/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\",\"query\":\"a=%00\"}");
    Report.measured("query a=%00", nul.status() + " " + nul.body());
    assertThat(nul.status()).isEqualTo(422);
    assertThat(nul.detail()).startsWith("query: ").contains("expected");
    nothingRuns();
  }

  @Test
  void aMegabyteIsTooMuch() throws Exception {
    Answer answer = ready("{\"path\":\"" + "a".repeat(1 << 20) + "\"}");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.detail()).startsWith("body: ").contains("expected at most 65536");
    nothingRuns();
  }

  private void nothingRuns() throws InterruptedException {
    JsonNode streams = running.streams();
    assertThat(streams.toString()).doesNotContain("STARTING").doesNotContain("BUFFERING");
  }

  @Test
  void aSourceThatIsNotThereFailsWithAReasonAndHurtsNobody() throws Exception {
    Path film = Films.cut(Films.counting(), Films.folder(BadInputIT.class).resolve("film.mp4"), 8);
    // So long that a dub is in time on a busy machine.
    Map<String, String> settings = Map.of("delay", "12s");
    try (Running other = Running.start(StsEchoConfig.builder(), settings);
        MediaTask publisher = other.publish("healthy", film)) {
      other.awaitState("healthy", "BUFFERING", LIMIT);
      int port = other.stack().workerUrl().getPort();
      byte[] body = event("live/nobody/in").getBytes(StandardCharsets.UTF_8);
      assertThat(post(port, READY, body).status()).isEqualTo(200);
      JsonNode failed = other.awaitOver("nobody");
      failedOfSource(failed, "nobody");
      assertThat(publisher.await(LIMIT)).isTrue();
      JsonNode healthy = other.awaitOver("healthy");
      assertThat(healthy.path("state").asText()).isEqualTo("ENDED");
      assertThat(healthy.path("segments").path("fallback")).isEmpty();
      assertThat(healthy.path("segments").path("dubbed").asInt()).isEqualTo(2);
    }
  }

  @Test
  void theSmallestDelayLeavesTheServiceNoTimeAndTheOriginalPasses() throws Exception {
    Path film =
        Films.cut(Films.counting(), Films.output().resolve("film-for-smallest-delay.mp4"), 4);
    try (Running other = Running.start(StsEchoConfig.builder(), Map.of("delay", "6.5s"))) {
      JsonNode status = other.play("smallest", film);
      assertThat(status.path("state").asText()).as(status.toString()).isEqualTo("ENDED");
      assertThat(status.path("segments").path("cut").asInt()).isOne();
      assertThat(status.path("segments").path("dubbed").asInt()).isZero();
      assertThat(other.metric("worker_packets_received_total", "smallest", "type=\"video\""))
          .isGreaterThan(90);
    }
  }

  @Test
  void aRefusedConnectionIsTheReason() throws Exception {
    failsAt(FreePort.onLoopback(), "refused");
  }

  @Test
  void aServerThatTalksGarbageIsTheReason() throws Exception {
    byte[] garbage =
        "HTTP/1.1 400 Bad Request\r\n\r\n".repeat(200).getBytes(StandardCharsets.UTF_8);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      pool.execute(() -> talk(server, garbage));
      failsAt(server.getLocalPort(), "");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aServerThatSaysNothingIsTheReason() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      failsAt(server.getLocalPort(), "");
    }
  }

  private static void talk(ServerSocket server, byte[] garbage) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(garbage);
        socket.getOutputStream().flush();
        socket.getInputStream().readNBytes(1537);
      } catch (IOException e) {
        LoggerFactory.getLogger(BadInputIT.class).debug("the worker hung up", e);
      }
    }
  }

  private static void failsAt(int rtmpPort, String reason) throws Exception {
    try (Running other =
        Running.start(
            StsEchoConfig.builder(), Map.of("mediamtx.rtmp-url", "rtmp://127.0.0.1:" + rtmpPort))) {
      int port = other.stack().workerUrl().getPort();
      byte[] body = event("live/lost/in").getBytes(StandardCharsets.UTF_8);
      assertThat(post(port, READY, body).status()).isEqualTo(200);
      JsonNode failed = other.awaitOver("lost");
      failedOfSource(failed, reason);
    }
  }

  private static void failedOfSource(JsonNode status, String text) {
    Report.measured("reason", status.path("reason"));
    assertThat(status.path("state").asText()).as(status.toString()).isEqualTo("FAILED");
    JsonNode reason = status.path("reason");
    assertThat(reason.path("blame").asText()).isEqualToIgnoringCase("source");
    assertThat(reason.path("message").asText()).isNotEmpty().containsIgnoringCase(text);
  }
}
