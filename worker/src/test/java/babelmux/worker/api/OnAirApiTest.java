package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.metrics.RequestRefusal;
import babelmux.worker.streams.AirVerdict;
import babelmux.worker.streams.BypassRequest;
import babelmux.worker.streams.StreamStatus;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What an operator may ask for about what is on air, over real sockets. */
@Timeout(30)
class OnAirApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final StreamStatus.Bypass ON =
      new StreamStatus.Bypass(
          true,
          Instant.parse("2026-11-22T08:00:00Z"),
          60_300L,
          List.of(new StreamStatus.Scheduled(false, 90_000)));

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Object> asked = new CopyOnWriteArrayList<>();
  private final List<RequestRefusal> refused = new CopyOnWriteArrayList<>();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger audit = (Logger) LoggerFactory.getLogger(Audit.class);
  private volatile AirVerdict verdict = new AirVerdict.Switched(ON);
  private final ApiServer server;

  OnAirApiTest() throws IOException, InterruptedException {
    NoStreams streams =
        new NoStreams() {
          @Override
          public AirVerdict bypass(String id, BypassRequest request) {
            asked.add(id);
            asked.add(request);
            return verdict;
          }

          @Override
          public AirVerdict veto(String id, long slot) {
            asked.add(id);
            asked.add(slot);
            return verdict;
          }
        };
    server =
        ApiServer.start(
            vertx,
            new HttpConfig("127.0.0.1", 0),
            AccessConfig.LOOPBACK,
            new ApiParts(
                "0.1.0",
                streams,
                format -> "",
                () -> Readiness.READY,
                router -> {},
                time -> {},
                reason -> {},
                refused::add));
    lines.start();
    audit.setLevel(Level.INFO);
    audit.addAppender(lines);
  }

  @AfterEach
  void stop() throws Exception {
    audit.detachAppender(lines);
    audit.setLevel(null);
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private JsonNode post(String path, String body, int status) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private String audited() {
    assertThat(lines.list).hasSize(1);
    return lines.list.get(0).getFormattedMessage();
  }

  @Test
  void aBypassIsAnsweredWithItsStateAndLeavesALine() throws Exception {
    JsonNode answer = post("/v1/streams/demo/bypass", "{\"bypass\": true}", 200);
    assertThat(answer.toString())
        .isEqualTo(
            "{\"active\":true,\"since\":\"2026-11-22T08:00:00Z\",\"sinceMs\":60300,"
                + "\"scheduled\":[{\"bypass\":false,\"atMs\":90000}]}");
    assertThat(asked).containsExactly("demo", new BypassRequest(true, null));
    assertThat(audited())
        .isEqualTo(
            "audit: POST /v1/streams/:id/bypass from 127.0.0.1, no token, stream demo,"
                + " bypass on: 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x%0aERROR%20faked", "%1b%5b2J", "rtmp:%2F%2Ftube%2Fapp%2Fthe-key", "%E2%80%AE"})
  void whatIsNoNameOfADestinationIsNotInTheLog(String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v1/streams/demo/destinations/%s"
                        .formatted(server.port(), name)))
            .DELETE()
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(audited())
        .isEqualTo(
            "audit: DELETE /v1/streams/:id/destinations/:name from 127.0.0.1, no token,"
                + " stream demo, destination of no such name: 404");
  }

  @Test
  void aTimeIsHandedOn() throws Exception {
    post("/v1/streams/demo/bypass", "{\"bypass\": false, \"at\": -20}", 200);
    assertThat(asked).containsExactly("demo", new BypassRequest(false, -20L));
    assertThat(audited()).endsWith(", bypass off: 200");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|bypass: missing: expected true or false",
        "{\"bypass\": \"yes\"}|bypass: \"yes\": expected true or false",
        "{\"bypass\": null}|bypass: null: expected true or false",
        "{\"bypass\": true, \"at\": \"soon\"}|at: \"soon\": expected a whole number",
        "{\"bypass\": true, \"at\": 1.5}|at: 1.5: expected a whole number",
        "{\"bypass\": true, \"at\": 9223372036854775808}|at: 9223372036854775808: expected",
        "{\"bypass\": true, \"when\": 1}|\"when\": unknown field: expected one of at, bypass",
        "[]|body: an array: expected one JSON object",
      })
  void aBodyThatIsNotAsExpectedIsRefused(String body, String detail) throws Exception {
    JsonNode answer = post("/v1/streams/demo/bypass", body, 422);
    assertThat(answer.path("error").asText()).isEqualTo("invalid");
    assertThat(answer.path("detail").asText()).startsWith(detail);
    assertThat(asked).isEmpty();
    assertThat(refused).containsExactly(RequestRefusal.INVALID);
  }

  @Test
  void aVetoIsAnsweredWithItsSlotAndLeavesALine() throws Exception {
    verdict = new AirVerdict.Vetoed(7);
    JsonNode answer = post("/v1/streams/demo/slots/7/veto", "", 200);
    assertThat(answer.toString()).isEqualTo("{\"number\":7,\"vetoed\":true}");
    assertThat(asked).containsExactly("demo", 7L);
    assertThat(audited())
        .isEqualTo(
            "audit: POST /v1/streams/:id/slots/:slot/veto from 127.0.0.1, no token, stream demo,"
                + " slot 7: 200");
  }

  @ParameterizedTest
  @CsvSource({"x", "-1", "1.5", "9999999999999999", "%0a7"})
  void whatIsNoNumberIsNoSlot(String slot) throws Exception {
    JsonNode answer = post("/v1/streams/demo/slots/" + slot + "/veto", "", 404);
    assertThat(answer.path("error").asText()).isEqualTo("slot_not_found");
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_STREAM, 404, stream_not_found",
    "OVER, 409, stream_over",
    "INVALID, 422, invalid",
    "SCHEDULE_FULL, 409, schedule_full",
    "NO_SLOT, 404, slot_not_found",
    "SLOT_BEGUN, 409, slot_begun",
    "SLOT_AIRED, 409, slot_aired",
  })
  void eachRefusalHasItsCode(AirVerdict.Reason reason, int status, String code) throws Exception {
    verdict = new AirVerdict.Refused(reason, "too late");
    JsonNode answer = post("/v1/streams/demo/bypass", "{\"bypass\": true}", status);
    assertThat(answer.path("error").asText()).isEqualTo(code);
    assertThat(answer.path("detail").asText())
        .contains(reason == AirVerdict.Reason.NO_STREAM ? "\"demo\"" : "too late");
    assertThat(post("/v1/streams/demo/slots/7/veto", "", status).path("error").asText())
        .isEqualTo(code);
  }
}
