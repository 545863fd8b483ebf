package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.AcceptanceRun;
import babelmux.demo.Web;
import babelmux.origin.MediaServer;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.monitor.StsMonitor;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What an operator finds who looks for a fault, of the built distribution: a fallback by its one
 * id, everywhere; and nowhere a secret, though more than twenty are planted where secrets come
 * from.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupportIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String STREAM = "followed";
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;

  /** By what they are. */
  private final Map<String, String> secrets = new LinkedHashMap<>();

  /** All that was read, by where. */
  private final Map<String, String> read = new TreeMap<>();

  private final Map<String, Integer> answers = new LinkedHashMap<>();
  private String token;
  private Served served;
  private StsMonitor monitor;
  private MediaTask publisher;
  private Map<String, String> bundle;

  private String secret(String what) {
    String text = "s3cr3t" + UUID.randomUUID().toString().replace("-", "");
    assertThat(secrets.put(what, text)).isNull();
    return text;
  }

  private Path file(String what, String text) throws IOException {
    return Files.writeString(folder.resolve(what), text + "\n");
  }

  @BeforeAll
  void plantEverythingAndReadEverything() throws Exception {
    token = secret("api.token, in a file");
    String stsToken = secret("sts.token, sent, and repeated by the STS");
    String faults =
        """
        rules:
          - stream: %s
            fragment: 1
            do: fail
            code: MODEL_ERROR
            message: 'bad key %s, see https://u:%s@models.example/x?key=%s'
            retryable: false
        """
            .formatted(
                STREAM, stsToken, secret("password in what the STS says"), secret("key likewise"));
    StsEchoConfig.Builder sts = StsEchoConfig.builder().faults(FaultPlan.parse(faults));
    Path tokenFile = file("api-token", token);
    Path destinationFile = file("tube", "rtmp://127.0.0.1:1/app/" + secret("key in a file"));
    Path config =
        file(
            "babelmux.yml",
            """
            sources: {allow: 127.0.0.1}
            output: {destinations-allow: 127.0.0.1}
            record: {to: '%s'}
            """
                .formatted(Files.createDirectory(folder.resolve("records"))));
    served =
        Served.start(
            sts,
            server -> environment(server, stsToken, tokenFile, destinationFile),
            Running.DELAY,
            "--config",
            config.toString());
    monitor = AcceptanceRun.watch(served.running().stack());
    publisher =
        StreamPublisher.publish(
            Films.counting(),
            served.running().stack().inputUrl(STREAM)
                + "?lang=es&jwt="
                + secret("JWT of the publisher, in the hook's query"),
            3);
    Running.await("the stream runs", LIMIT, () -> stream().has("streamId"));
    askForMuch();
    Running.await("slot 1 is on air", LIMIT, () -> stream().at("/slots/1/aired").asBoolean());
    Running.await("its recording tells of it", LIMIT, () -> !recordedSlot().isMissingNode());
    readEverything();
  }

  private Map<String, String> environment(
      MediaServer server, String stsToken, Path tokenFile, Path destinationFile) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LOG_LEVEL", "debug");
    environment.put("BABELMUX_API_TOKEN", "@" + tokenFile);
    environment.put("BABELMUX_STS_TOKEN", stsToken);
    environment.put(
        "MEDIAMTX_RTMP_URL",
        server.rtmpUrl() + "?user=worker&pass=" + secret("password of mediamtx.rtmp-url"));
    environment.put(
        "MEDIAMTX_API_URL",
        server
            .apiUrl()
            .toString()
            .replace("://", "://worker:" + secret("password of mediamtx.api-url") + "@"));
    environment.put(
        "BABELMUX_INPUT_URL_TEMPLATE",
        "{rtmp-url}/{path}?jwt=" + secret("JWT of input.url-template"));
    environment.put(
        "BABELMUX_OUTPUT_URL_TEMPLATE",
        "{rtmp-url}/live/{id}/out?jwt=" + secret("JWT of output.url-template"));
    environment.put(
        "BABELMUX_OUTPUT_DESTINATIONS",
        "plain=rtmp://127.0.0.1:1/app/%s tube=@%s srt=srt://127.0.0.1:1?streamid=publish:x:u:%s&passphrase=%s"
            .formatted(
                secret("key of a destination"),
                destinationFile,
                secret("password in a streamid"),
                secret("passphrase of a destination")));
    return environment;
  }

  private void askForMuch() throws Exception {
    String streams = "/v1/streams";
    String destinations = streams + "/" + STREAM + "/destinations";
    answers.put(
        "201 destination",
        post(
            destinations,
            Map.of("name", "added", "url", "rtmp://127.0.0.1:1/app/" + secret("key by API"))));
    answers.put(
        "422 destination",
        post(
            destinations,
            Map.of(
                "name",
                "bad",
                "url",
                "http://u:%s@h/x?token=%s"
                    .formatted(secret("password by API"), secret("token by API")))));
    answers.put(
        "201 source",
        post(
            streams,
            Map.of(
                "streamId",
                "posted",
                "sourceUrl",
                "rtmp://127.0.0.1:1/live/x?user=u&pass=" + secret("password of a source"))));
    answers.put(
        "201 srt",
        post(
            streams,
            Map.of(
                "streamId",
                "posted-srt",
                "sourceUrl",
                "srt://127.0.0.1:1?streamid=read:x:u:%s&passphrase=%s"
                    .formatted(secret("streamid of a source"), secret("passphrase of a source")))));
    answers.put(
        "403 source",
        post(
            streams,
            Map.of(
                "streamId",
                "elsewhere",
                "sourceUrl",
                "rtmp://192.0.2.1/live/x?pass=" + secret("password of a refused source"))));
    answers.put(
        "400 query",
        answer(
            request(streams + "/" + STREAM + "?token=" + secret("token in a query"))
                .header("Authorization", "Bearer " + token)
                .DELETE()));
    answers.put(
        "401 token",
        answer(
            request("/v1/support")
                .header("Authorization", "Bearer " + secret("token of a stranger"))));
    answers.put("401 session", answer(session(secret("token that a stranger signs in with"))));
    answers.put("200 by session", answer(request("/v1/page").header("Cookie", signIn())));
    answers.put(
        "422 hook",
        post(
            "/v1/mediamtx/events/ready",
            Map.of(
                "path",
                "live/x/other",
                "sourceType",
                "rtmpConn",
                "sourceId",
                "1",
                "query",
                "pass=" + secret("password in a hook's query"))));
  }

  private void readEverything() throws Exception {
    for (String path :
        List.of(
            "/metrics",
            "/metrics?format=openmetrics",
            "/openapi.yaml",
            "/health/ready",
            "/v1/support",
            "/v1/streams",
            "/v1/streams/posted",
            "/v1/streams/posted-srt",
            "/v1/streams/posted/debug",
            "/v1/streams/posted-srt/debug",
            "/v1/streams/" + STREAM,
            "/v1/streams/" + STREAM + "/debug")) {
      HttpResponse<String> response =
          HTTP.send(
              request(path).header("Authorization", "Bearer " + token).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      read.put(path, response.body());
    }
    Path zip = folder.resolve("bundle.zip");
    int port = served.running().stack().workerUrl().getPort();
    Program.Ended made =
        Program.runIn(
            Path.of(System.getProperty("babelmux.home", "")),
            Map.of("BABELMUX_API_TOKEN", token),
            "support-bundle",
            zip.toString(),
            "--port",
            Integer.toString(port),
            "--mediamtx-api",
            served.running().stack().server().apiUrl().toString());
    assertThat(made.code()).as(made.said()).isZero();
    read.put("what support-bundle says", made.said());
    bundle = files(zip);
    bundle.forEach((name, text) -> read.put("bundle: " + name, text));
    read.put("the log", served.serve().said());
  }

  private JsonNode stream() throws InterruptedException {
    return Web.json(served.running().url("/v1/streams/" + STREAM), token);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(served.running().url(path)));
  }

  private HttpRequest.Builder session(String given) throws IOException {
    return request("/v1/session")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of("token", given))));
  }

  /** A cookie as a browser sends it. */
  private String signIn() throws Exception {
    String cookie =
        HTTP.send(session(token).build(), HttpResponse.BodyHandlers.discarding())
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow()
            .split(";", 2)[0];
    secrets.put("session of a browser", cookie.split("=", 2)[1]);
    return cookie;
  }

  private int post(String path, Map<String, String> body) throws Exception {
    return answer(
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  /** The status; the body is read as all else is. */
  private int answer(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    read.put("answer " + read.size(), response.headers().map() + response.body());
    return response.statusCode();
  }

  private static Map<String, String> files(Path zip) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  private JsonNode recordedSlot() throws IOException {
    Path records = folder.resolve("records").resolve(STREAM);
    if (!Files.isDirectory(records)) {
      return JSON.missingNode();
    }
    try (Stream<Path> files = Files.list(records)) {
      Path file =
          files.filter(each -> each.toString().endsWith(".json")).findFirst().orElse(records);
      return Files.isRegularFile(file)
          ? JSON.readTree(file.toFile()).at("/slots/1")
          : JSON.missingNode();
    }
  }

  @AfterAll
  void stop() throws Exception {
    Served all = served;
    StsMonitor watch = monitor;
    MediaTask task = publisher;
    try (all;
        watch;
        task) {
      // In the reverse order.
    }
  }

  @Test
  void noSecretIsInAnyByte() {
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(20);
    assertThat(answers)
        .as("all was understood")
        .allSatisfy((wanted, status) -> assertThat(wanted).startsWith(status + " "));
    assertThat(read.get("/v1/streams/" + STREAM + "/debug"))
        .as("what the STS says is there, and masked")
        .contains("MODEL_ERROR: bad key ***, see https://***@models.example/x?key=***");
    assertThat(read.get("the log")).contains("jwt=***", "pass=***");
    assertThat(bundle.get("settings.txt"))
        .contains("sts.token = \"***\"", "passphrase=***", "/app/***");
    read.forEach(
        (where, text) ->
            secrets.forEach(
                (what, secret) ->
                    assertThat(text.contains(secret)).as("%s in %s", what, where).isFalse()));
  }

  @Test
  void aFallbackIsFollowedByOneId() throws Exception {
    JsonNode slot = JSON.readTree(read.get("/v1/streams/" + STREAM)).at("/slots/1");
    String id = slot.path("fragmentId").asText();
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(slot.path("state").asText()).isEqualTo("original");
    assertThat(slot.path("reason").asText()).isEqualTo("error");
    assertThat(monitor.processed(STREAM))
        .as("the STS knows it")
        .filteredOn(answer -> answer.path("fragment_id").asText().equals(id))
        .singleElement()
        .satisfies(answer -> assertThat(answer.path("status").asText()).isEqualTo("failed"));
    assertThat(served.running().metric("worker_fallback_total", STREAM, "reason=\"error\""))
        .as("the metric counts it")
        .isEqualTo(1);
    assertThat(read.getOrDefault("/metrics?format=openmetrics", "").lines())
        .as("and names it")
        .anyMatch(
            line ->
                line.startsWith(
                        "worker_fallback_total{reason=\"error\",stream_id=\"%s\"} 1.0 # "
                            .formatted(STREAM))
                    && line.contains("{fragment_id=\"%s\"}".formatted(id)));
    List<String> lines = served.serve().said().lines().filter(line -> line.contains(id)).toList();
    assertThat(lines)
        .as("the log follows it from its cut until it leaves")
        .allMatch(line -> line.contains(" stream=" + STREAM + " segment=" + id + " "));
    assertThat(String.join("\n", lines))
        .containsSubsequence(
            "segment 1 cut",
            "segment 1 sent",
            "segment 1 answered, FAILED",
            "segment 1 fell back to original audio, error: STS: MODEL_ERROR",
            "segment 1 begins to leave");
    assertThat(events(JSON.readTree(read.get("/v1/streams/" + STREAM + "/debug")), id))
        .containsExactly("cut", "sent", "answered", "fell_back", "leaves");
    JsonNode inBundle = JSON.readTree(bundle.get("streams.json"));
    assertThat(inBundle)
        .filteredOn(stream -> stream.at("/status/streamId").asText().equals(STREAM))
        .singleElement()
        .satisfies(
            stream -> {
              assertThat(events(stream, id)).contains("fell_back");
              assertThat(stream.at("/status/slots/1/fragmentId").asText()).isEqualTo(id);
              assertThat(stream.at("/status/slots/0/transcript").isNull()).isTrue();
            });
    assertThat(bundle.get("log.txt")).contains("segment=" + id);
    assertThat(recordedSlot().path("fragmentId").asText()).isEqualTo(id);
    assertThat(read.get("/openapi.yaml")).contains("fragmentId");
  }

  private static List<String> events(JsonNode debug, String id) {
    return Stream.iterate(0, i -> i + 1)
        .limit(debug.path("events").size())
        .map(i -> debug.path("events").get(i))
        .filter(event -> event.path("fragmentId").asText().equals(id))
        .map(event -> event.path("event").asText())
        .toList();
  }
}
