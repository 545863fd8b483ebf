package babelmux.worker.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.PageConfig;
import babelmux.worker.metrics.ScrapeFormat;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.streams.Blame;
import babelmux.worker.streams.StartVerdict;
import babelmux.worker.streams.StreamRequest;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Over real sockets. */
@Timeout(30)
class ApiServerTest {

  private static final JsonMapper JSON = new JsonMapper();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeStreams streams = new FakeStreams();
  private final List<Duration> hookTimes = new CopyOnWriteArrayList<>();
  private volatile Readiness readiness = Readiness.READY;
  private volatile boolean failing;
  private final FakeCheckup checkup = new FakeCheckup();
  private volatile CountDownLatch scrape = new CountDownLatch(0);
  private final ApiServer server;

  /** Runs until it is let go. */
  private static final class FakeCheckup implements Checkup {
    private final Semaphore one = new Semaphore(1);
    private final CountDownLatch let = new CountDownLatch(1);
    private final CountDownLatch runs = new CountDownLatch(1);
    private volatile Optional<Object> last = Optional.empty();

    @Override
    public Optional<Object> run(boolean publish) throws InterruptedException {
      if (!one.tryAcquire()) {
        return Optional.empty();
      }
      runs.countDown();
      let.await();
      last = Optional.of(Map.of("published", publish));
      one.release();
      return last;
    }

    @Override
    public Optional<Object> last() {
      return last;
    }
  }

  ApiServerTest() throws IOException, InterruptedException {
    ApiParts parts =
        new ApiParts(
            "0.1.0",
            streams,
            this::scrape,
            this::readiness,
            router ->
                router
                    .post("/v1/mediamtx/events/ready")
                    .handler(context -> context.response().end("hook")),
            hookTimes::add,
            reason -> {},
            reason -> {},
            () -> Support.NONE,
            checkup,
            PageConfig.DEFAULTS,
            EventParts.none(),
            router -> {});
    server = ApiServer.start(vertx, new HttpConfig("127.0.0.1", 0), AccessConfig.LOOPBACK, parts);
  }

  private Readiness readiness() {
    if (failing) {
      throw new IllegalStateException("secret inner state");
    }
    return readiness;
  }

  private String scrape(ScrapeFormat format) {
    if (format == ScrapeFormat.OPEN_METRICS) {
      return "# EOF\n";
    }
    try {
      scrape.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "worker_streams 1.0\n";
  }

  @BeforeEach
  void oneStream() {
    streams.all.put("demo", status("demo", StreamState.LIVE));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static final class FakeStreams extends NoStreams {
    final Map<String, StreamStatus> all = new ConcurrentHashMap<>();
    final List<StreamRequest> asked = new CopyOnWriteArrayList<>();
    volatile StartVerdict.@Nullable Refused refusal;
    volatile boolean drained;
    volatile boolean broken;
    volatile boolean endedNow;
    volatile CountDownLatch list = new CountDownLatch(0);
    volatile CountDownLatch lookUp = new CountDownLatch(0);

    @Override
    public List<StreamStatus> list() {
      try {
        list.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.copyOf(all.values());
    }

    @Override
    public Optional<StreamStatus> get(String id) {
      if (broken) {
        throw new IllegalStateException("planted");
      }
      return Optional.ofNullable(all.get(id));
    }

    @Override
    public StartVerdict start(StreamRequest request) throws InterruptedException {
      lookUp.await();
      StartVerdict.Refused no = refusal;
      if (no != null) {
        return no;
      }
      asked.add(request);
      return new StartVerdict.Started(status(request.streamId(), StreamState.STARTING));
    }

    @Override
    public int drainAll() {
      drained = true;
      return 2;
    }

    @Override
    public boolean acceptAgain() {
      drained = false;
      return refusal == null;
    }

    @Override
    public boolean end(String id, boolean now) {
      endedNow |= now;
      StreamStatus status = all.get(id);
      if (status == null || status.state().isFinal()) {
        return false;
      }
      all.put(id, status(id, StreamState.DRAINING));
      return true;
    }
  }

  private static StreamStatus status(String id, StreamState state) {
    var segments = new StreamStatus.Segments(3, 3, 2, Map.of("timeout", 1L), Map.of("sped", 2L));
    var sts = new StreamStatus.Sts("ready", "closed", 1, null, 640L, null, 30);
    return new StreamStatus(
        id,
        state,
        new StreamStatus.Flags(true, false, false, false),
        null,
        new StreamStatus.Source("rtmp://h/live/" + id + "/in", "rtmpConn", "abc"),
        "rtmp://h/live/" + id + "/out",
        Instant.parse("2026-11-21T03:00:00Z"),
        14_500,
        new StreamStatus.Media("h264", 1280, 720, "aac", 48_000, 2),
        segments,
        sts,
        List.of(new StreamStatus.Dub("es", segments, sts)),
        List.of(
            new StreamStatus.Destination(
                "out", "rtmp://h/live/x/out", "up", null, 12, 0, 0, 0.5, 60, OutputCheck.OK)),
        new StreamStatus.Recording("recording", id + "/20261121T030000Z.mp4", null, 10, 0),
        0.4,
        null,
        List.of("no keyframe"),
        123_456L,
        new StreamStatus.Bypass(
            true,
            Instant.parse("2026-11-21T03:01:00Z"),
            60_000L,
            List.of(new StreamStatus.Scheduled(false, 130_000))),
        List.of(
            new StreamStatus.Slot(
                7,
                "5a0c",
                45_000,
                51_000,
                "dub",
                null,
                true,
                false,
                "good evening",
                "buenas noches")));
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(request(method, path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(10))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.noBody())
        .build();
  }

  private JsonNode json(String method, String path, int status) throws Exception {
    HttpResponse<String> response = send(method, path);
    assertThat(response.statusCode()).isEqualTo(status);
    boolean problem = status >= 400 && path.startsWith("/v1/");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue(problem ? "application/problem+json" : "application/json");
    return JSON.readTree(response.body());
  }

  @Test
  void theServiceAndItsHealthUseTheWordsThatOthersLookFor() throws Exception {
    assertThat(send("GET", "/").body())
        .isEqualTo(
            "{\"service\":\"stream-orchestration\",\"version\":\"0.1.0\",\"status\":\"running\"}");
    assertThat(send("GET", "/health").body())
        .isEqualTo("{\"status\":\"ok\",\"service\":\"media-service\"}");
    assertThat(json("GET", "/health/live", 200).path("status").asText()).isEqualTo("ok");
  }

  @Test
  void readyTellsWhyNotAndWhatIsDown() throws Exception {
    assertThat(json("GET", "/health/ready", 200).toString())
        .isEqualTo("{\"status\":\"ready\",\"refusals\":[],\"degraded\":[]}");
    var down = List.of(new Readiness.Degraded("sts", "connection refused"));
    readiness = new Readiness(List.of(), down);
    assertThat(json("GET", "/health/ready", 200).toString())
        .isEqualTo(
            "{\"status\":\"degraded\",\"refusals\":[],\"degraded\":"
                + "[{\"component\":\"sts\",\"reason\":\"connection refused\"}]}");
    readiness = new Readiness(List.of("draining"), down);
    assertThat(json("GET", "/health/ready", 503).path("refusals").get(0).asText())
        .isEqualTo("draining");
  }

  @Test
  void aRefusalUnderV1IsProblemDetails() throws Exception {
    assertThat(json("GET", "/v1/streams/none", 404).toString())
        .isEqualTo(
            "{\"type\":\"urn:babelmux:problem:stream_not_found\",\"title\":\"No such stream\","
                + "\"status\":404,\"detail\":\"no stream \\\"none\\\" runs here or ended"
                + " recently; see GET /v1/streams\",\"error\":\"stream_not_found\","
                + "\"code\":\"stream_not_found\"}");
    assertThat(json("GET", "/v1/nothing", 404).path("error").asText()).isEqualTo("not_found");
    assertThat(json("PUT", "/v1/drain", 405).path("error").asText())
        .isEqualTo("method_not_allowed");
  }

  /** They are answered in the form that those who call hooks have always got. */
  @ParameterizedTest
  @CsvSource({
    "GET /v1/mediamtx/events/none, 404, '{\"error\":\"not_found\",\"detail\":\"nothing is at this path\"}'",
    "POST /v1/mediamtx/events/%zz, 400, '{\"detail\":\"request: expected a well-formed HTTP request target\"}'",
    "GET /nothing, 404, '{\"error\":\"not_found\",\"detail\":\"nothing is at this path\"}'"
  })
  void aRefusalElsewhereIsPlainJson(String request, int status, String body) throws Exception {
    String answer = raw(request + " HTTP/1.1");
    assertThat(answer).startsWith("HTTP/1.1 %d ".formatted(status));
    assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-type: application/json\r\n");
    assertThat(answer).endsWith("\r\n\r\n" + body);
  }

  @Test
  void aFailureIsNamedAlikeInTheAnswerAndTheLog() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(ApiServer.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      streams.broken = true;
      String instance = json("GET", "/v1/streams/demo", 500).path("instance").asText();
      assertThat(instance).startsWith("urn:uuid:");
      assertThat(logged.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly("GET /v1/streams/demo failed, " + instance);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void theDescriptionIsServed() throws Exception {
    HttpResponse<String> response = send("GET", "/openapi.yaml");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml");
    assertThat(response.body())
        .startsWith("openapi: 3.1.0\n")
        .isEqualTo(Files.readString(Path.of("src/main/resources/babelmux-openapi.yml")));
  }

  @Test
  void metricsAreText() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics");
    assertThat(response.body()).isEqualTo("worker_streams 1.0\n");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void metricsAreOpenMetricsForThoseWhoAskForThem() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics?format=openmetrics");
    assertThat(response.body()).isEqualTo("# EOF\n");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
  }

  @Test
  void aStreamIsOneJsonObjectWithAllThatIsKnown() throws Exception {
    JsonNode stream = json("GET", "/v1/streams/demo", 200);
    List<String> fields = new ArrayList<>();
    stream.fieldNames().forEachRemaining(fields::add);
    assertThat(fields)
        .containsExactly(
            "streamId",
            "state",
            "flags",
            "reason",
            "source",
            "outputUrl",
            "startedAt",
            "delayMs",
            "media",
            "segments",
            "sts",
            "dubs",
            "destinations",
            "recording",
            "latenessMs",
            "avDeltaMs",
            "warnings",
            "outputMs",
            "bypass",
            "slots");
    assertThat(stream.path("state").asText()).isEqualTo("LIVE");
    assertThat(stream.path("startedAt").asText()).isEqualTo("2026-11-21T03:00:00Z");
    assertThat(stream.at("/segments/fallback/timeout").asLong()).isEqualTo(1);
    assertThat(stream.at("/dubs/0/language").asText()).isEqualTo("es");
    assertThat(stream.at("/dubs/0/segments")).isEqualTo(stream.path("segments"));
    assertThat(stream.at("/dubs/0/sts")).isEqualTo(stream.path("sts"));
    assertThat(stream.at("/recording/file").asText()).isEqualTo("demo/20261121T030000Z.mp4");
    assertThat(stream.path("reason").isNull()).isTrue();
    assertThat(stream.path("bypass").toString())
        .isEqualTo(
            "{\"active\":true,\"since\":\"2026-11-21T03:01:00Z\",\"sinceMs\":60000,"
                + "\"scheduled\":[{\"bypass\":false,\"atMs\":130000}]}");
    assertThat(stream.at("/slots/0/translation").asText()).isEqualTo("buenas noches");
    assertThat(json("GET", "/v1/streams", 200).at("/streams/0")).isEqualTo(stream);
  }

  @Test
  void aFailureIsShownWithItsBlame() throws Exception {
    StreamStatus live = requireNonNull(streams.all.get("demo"));
    streams.all.put(
        "demo",
        new StreamStatus(
            "demo",
            StreamState.FAILED,
            StreamStatus.Flags.NONE,
            new StreamStatus.Reason(Blame.SOURCE, "no audio and no video", true),
            live.source(),
            live.outputUrl(),
            live.startedAt(),
            live.delayMs(),
            null,
            StreamStatus.Segments.NONE,
            live.sts(),
            live.dubs(),
            live.destinations(),
            live.recording(),
            null,
            null,
            List.of(),
            null,
            StreamStatus.Bypass.OFF,
            List.of()));
    assertThat(json("GET", "/v1/streams/demo", 200).path("reason").toString())
        .isEqualTo(
            "{\"blame\":\"source\",\"message\":\"no audio and no video\",\"retryable\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/streams/none", "/v1/streams/a%22%3Cb%3E", "/v1/streams/%2e%2e%2fx"})
  void anUnknownStreamIs404WithAReason(String path) throws Exception {
    JsonNode body = json("GET", path, 404);
    assertThat(body.path("error").asText()).isIn("stream_not_found", "not_found");
    assertThat(body.path("detail").asText()).isNotEmpty();
    assertThat(json("DELETE", path, 404).path("detail").asText()).isNotEmpty();
  }

  @Test
  void deleteDrainsAndSaysWhenThereIsNothingToEnd() throws Exception {
    assertThat(json("DELETE", "/v1/streams/demo", 202).toString())
        .isEqualTo("{\"status\":\"draining\",\"stream_id\":\"demo\"}");
    assertThat(json("GET", "/v1/streams/demo", 200).path("state").asText()).isEqualTo("DRAINING");
    streams.all.put("demo", status("demo", StreamState.ENDED));
    assertThat(json("DELETE", "/v1/streams/demo", 409).path("detail").asText()).contains("ENDED");
  }

  @Test
  void deleteEndsAtOnceWhenItIsAskedTo() throws Exception {
    assertThat(json("DELETE", "/v1/streams/demo?now=true", 202).toString())
        .isEqualTo("{\"status\":\"ending\",\"stream_id\":\"demo\"}");
    assertThat(streams.endedNow).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "now=false", "now=1", "now=true&x=1", "force=true", "now=TRUE"})
  void anyOtherQueryOfDeleteEndsNothing(String query) throws Exception {
    JsonNode body = json("DELETE", "/v1/streams/demo?" + query, 400);
    assertThat(body.path("error").asText()).isEqualTo("query");
    assertThat(body.path("detail").asText())
        .isEqualTo(
            "query: \"%s\": expected none, which drains, or now=true, which ends the stream at once"
                .formatted(query));
    assertThat(json("GET", "/v1/streams/demo", 200).path("state").asText()).isEqualTo("LIVE");
  }

  @Test
  void doctorRunsOnceAtATimeAndItsLastReportIsShown() throws Exception {
    assertThat(json("GET", "/v1/doctor", 404).path("error").asText()).isEqualTo("no_report");
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(doctor("?publish=false"), HttpResponse.BodyHandlers.ofString());
    checkup.runs.await();
    HttpResponse<String> second = client.send(doctor(""), HttpResponse.BodyHandlers.ofString());
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.headers().firstValue("Retry-After")).isPresent();
    assertThat(second.body()).contains("\"doctor_running\"");
    assertThat(send("GET", "/health").statusCode()).as("nothing else waits").isEqualTo(200);
    checkup.let.countDown();
    assertThat(first.get().body()).isEqualTo("{\"published\":false}");
    assertThat(send("GET", "/v1/doctor").body()).isEqualTo("{\"published\":false}");
    assertThat(send("POST", "/v1/doctor").body()).isEqualTo("{\"published\":true}");
    assertThat(json("POST", "/v1/doctor?publish=true", 400).path("detail").asText())
        .contains("publish=false");
    assertThat(json("POST", "/v1/doctor?token=hunter2hunter2", 400).path("detail").asText())
        .contains("token=***")
        .doesNotContain("hunter2");
  }

  private HttpRequest doctor(String query) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.port() + "/v1/doctor" + query))
        .POST(HttpRequest.BodyPublishers.noBody())
        .build();
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(postOf(body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest postOf(String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/streams"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void aPostedStreamIsAnsweredWithItsStatusAndItsPlace() throws Exception {
    HttpResponse<String> response =
        post("{\"streamId\": \"stage\", \"sourceUrl\": \"rtmp://u:secret@cam.example/live/x\"}");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Location")).hasValue("/v1/streams/stage");
    assertThat(JSON.readTree(response.body()).path("streamId").asText()).isEqualTo("stage");
    assertThat(streams.asked).hasSize(1);
    assertThat(streams.asked.get(0).source().reveal())
        .isEqualTo("rtmp://u:secret@cam.example/live/x");
    assertThat(streams.asked.toString()).doesNotContain("secret");
  }

  static List<Arguments> badBodies() {
    String good = "\"sourceUrl\": \"rtmp://h/live/x\"";
    return List.of(
        Arguments.of("", "body: empty: expected one JSON object"),
        Arguments.of("[]", "body: an array: expected one JSON object"),
        Arguments.of("{", "body: not valid JSON"),
        Arguments.of("{" + good + "}", "streamId: missing: expected a non-empty string"),
        Arguments.of("{\"streamId\": \"a\"}", "sourceUrl: missing: expected a non-empty string"),
        Arguments.of("{\"streamId\": 5," + good + "}", "streamId: 5: expected a string"),
        Arguments.of(
            "{\"streamId\": \"a/b\"," + good + "}",
            "streamId: \"a/b\": expected [A-Za-z0-9_-]{1,64}"),
        Arguments.of(
            "{\"streamId\": \"" + "a".repeat(65) + "\"," + good + "}",
            "expected [A-Za-z0-9_-]{1,64}"),
        Arguments.of(
            "{\"streamId\": \"a\", \"delay\": 3," + good + "}",
            "\"delay\": unknown field: expected one of sourceUrl, streamId"),
        Arguments.of("{\"streamId\": \"a\", \"streamId\": \"b\"," + good + "}", "Duplicate field"),
        Arguments.of(
            "{\"streamId\": \"a\", \"sourceUrl\": {}}", "sourceUrl: an object: expected a string"),
        Arguments.of(
            "{\"streamId\": \"a\", \"sourceUrl\": \"http://u:hunter2@h/x?token=hunter2\"}",
            "sourceUrl: \"http://***@h/x?token=***\": expected rtmp://HOST"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void aBodyThatIsNotAsExpectedIsRefusedWithTheFieldTheValueAndTheForm(String body, String detail)
      throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).isEqualTo(422);
    JsonNode json = JSON.readTree(response.body());
    assertThat(json.path("error").asText()).isEqualTo("invalid");
    assertThat(json.path("detail").asText()).contains(detail).doesNotContain("hunter2");
    assertThat(streams.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, 422, invalid, false",
    "NOT_ALLOWED, 403, source, false",
    "ID_IN_USE, 409, id_in_use, false",
    "FULL, 503, at_capacity, true",
    "DRAINING, 503, draining, true"
  })
  void aRefusalHasItsStatusAndItsReason(
      StartVerdict.Reason reason, int status, String code, boolean later) throws Exception {
    streams.refusal = new StartVerdict.Refused(reason, "the reason");
    HttpResponse<String> response =
        post("{\"streamId\": \"a\", \"sourceUrl\": \"rtmp://h/live/x\"}");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(later);
    assertThat(JSON.readTree(response.body()).toString())
        .contains("\"error\":\"" + code + "\"", "\"detail\":\"the reason\"");
  }

  @Test
  void aDrainIsAskedForAndTakenBack() throws Exception {
    assertThat(json("POST", "/v1/drain", 202).toString())
        .isEqualTo("{\"status\":\"draining\",\"draining\":2}");
    assertThat(streams.drained).isTrue();
    streams.all.put("demo", status("demo", StreamState.DRAINING));
    assertThat(json("DELETE", "/v1/drain", 200).toString())
        .isEqualTo("{\"status\":\"accepting\",\"draining\":1}");
    assertThat(streams.drained).isFalse();
    streams.refusal = new StartVerdict.Refused(StartVerdict.Reason.DRAINING, "");
    assertThat(json("DELETE", "/v1/drain", 409).path("error").asText()).isEqualTo("shutting_down");
    assertThat(send("GET", "/v1/drain").headers().firstValue("Allow")).hasValue("DELETE, POST");
  }

  @Test
  void otherPathsAndMethodsAreRefusedAsJson() throws Exception {
    assertThat(json("GET", "/nothing", 404).path("error").asText()).isEqualTo("not_found");
    assertThat(json("POST", "/metrics", 405).path("detail").asText())
        .isEqualTo("method: POST: expected one of [GET, HEAD]");
    assertThat(send("PUT", "/v1/streams/demo").headers().firstValue("Allow"))
        .hasValue("DELETE, GET, HEAD");
  }

  @Test
  void headAnswersWithoutABody() throws Exception {
    HttpResponse<String> response = send("HEAD", "/health");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/streams/%zz HTTP/1.1",
        "GET /v1/streams/%00 HTTP/1.1",
        "GET http://x/none HTTP/1.1",
        "GET /v1/streams/\u0001 HTTP/1.1",
        "NONSENSE"
      })
  void brokenRequestsAreRefusedAndTheServerLivesOn(String line) throws Exception {
    assertThat(raw(line)).matches("(?s)HTTP/1\\.[01] 4.*");
    assertThat(send("GET", "/health").statusCode()).isEqualTo(200);
  }

  /** The whole answer to a request of this line. */
  private String raw(String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      String request = line + "\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aSlowScrapeAndASlowListHoldUpNoHook() throws Exception {
    scrape = new CountDownLatch(1);
    streams.list = new CountDownLatch(1);
    List<CompletableFuture<HttpResponse<String>>> slow =
        List.of(sendLater("/metrics"), sendLater("/v1/streams"), sendLater("/metrics"));
    for (int i = 0; i < 20; i++) {
      assertThat(send("POST", "/v1/mediamtx/events/ready").body()).isEqualTo("hook");
    }
    assertThat(slow).noneMatch(CompletableFuture::isDone);
    scrape.countDown();
    streams.list.countDown();
    for (CompletableFuture<HttpResponse<String>> answer : slow) {
      assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(hookTimes).hasSizeGreaterThanOrEqualTo(19).allMatch(time -> time.toNanos() > 0);
  }

  @Test
  void lookUpsOfNamesHoldUpNoEndAndNoDrain() throws Exception {
    streams.lookUp = new CountDownLatch(1);
    List<CompletableFuture<HttpResponse<String>>> posts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      posts.add(
          client.sendAsync(
              postOf("{\"streamId\": \"s%d\", \"sourceUrl\": \"rtmp://h/live/x\"}".formatted(i)),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < 5; i++) {
      streams.all.put("demo", status("demo", StreamState.LIVE));
      assertThat(send("DELETE", "/v1/streams/demo?now=true").statusCode()).isEqualTo(202);
      assertThat(send("POST", "/v1/drain").statusCode()).isEqualTo(202);
      assertThat(send("DELETE", "/v1/drain").statusCode()).isEqualTo(200);
    }
    assertThat(posts).noneMatch(CompletableFuture::isDone);
    streams.lookUp.countDown();
    for (CompletableFuture<HttpResponse<String>> post : posts) {
      assertThat(post.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    }
  }

  private CompletableFuture<HttpResponse<String>> sendLater(String path) {
    return client.sendAsync(request("GET", path), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aPartThatFailsIs500WithoutItsMessage() throws Exception {
    failing = true;
    assertThat(json("GET", "/health/ready", 500).path("detail").asText())
        .isEqualTo("internal error; the log has more");
  }

  private ApiParts parts() {
    return new ApiParts(
        "x",
        streams,
        format -> "",
        () -> readiness,
        router -> {},
        time -> {},
        reason -> {},
        reason -> {});
  }

  @Test
  void aPortThatIsTakenIsOneClearLine() {
    HttpConfig taken = new HttpConfig("127.0.0.1", server.port());
    assertThatThrownBy(() -> ApiServer.start(vertx, taken, AccessConfig.LOOPBACK, parts()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot listen on 127.0.0.1 port %d (http.host, http.port): ".formatted(server.port()))
        .hasMessageContaining("in use");
  }

  @Test
  void closingGivesThePortBack() {
    int port = server.port();
    server.close();
    // Meanwhile the system may have lent the port to somebody's outgoing connection.
    await()
        .atMost(20, TimeUnit.SECONDS)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              try (ApiServer again =
                  ApiServer.start(
                      vertx, new HttpConfig("127.0.0.1", port), AccessConfig.LOOPBACK, parts())) {
                assertThat(again.port()).isEqualTo(port);
              }
            });
  }
}
