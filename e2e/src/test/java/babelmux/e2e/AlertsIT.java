package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.faultproxy.FaultProxy;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.FreePort;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The alerts of {@code deploy/prometheus} on a real Prometheus: each fault is caused on a running
 * worker, its alert fires, the fault is taken away, and the alert is resolved. What is different
 * from the shipped rules: a scrape and an evaluation each second, {@code for: 0s}, and ranges of 15
 * s, of 30 s where they are 10 min or more.
 *
 * <p>Needs the programs prometheus and prlimit, and the embedded origin.
 */
@Order(5)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsIT {
  /** Nothing moves audio against video, and nobody takes all of the machine's memory. */
  private static final Set<String> NOT_CAUSED =
      Set.of("BabelmuxAvApart", "BabelmuxAvFarApart", "BabelmuxMemoryNearLimit");

  private static final Duration DELAY = Duration.ofSeconds(12);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ON_AIR = Duration.ofMinutes(3);
  private static final List<String> STREAMS =
      List.of("dead", "slow", "breaker", "gone", "refused", "mute", "contested");
  private static final String WELL = "well";
  private static final String FAULTS =
      """
      rules:
        - {stream: dead, fragment: 0..2, do: audio, mode: silent}
        - {stream: slow, fragment: 0..1, do: delay, ms: 4600}
        - {stream: gone, session: 0, fragment: 0, do: disconnect, at: after_ack, how: reset}
        - {stage: connect, stream: gone, session: 1..2, do: refuse, how: reset}
        - {stream: refused, fragment: 0, try: 0..1, do: error, code: INVALID_AUDIO_FORMAT}
      """;

  /** One more, until the breaker is open. */
  private static final String OVERLOAD =
      """
        - {stream: breaker, do: error, code: QUEUE_FULL, severity: warning, retryable: true}
      """;

  /** Those that the STS causes by itself, and their streams. */
  private static final Map<String, String> BY_SCRIPT =
      Map.of(
          "BabelmuxDeadDub", "dead",
          "BabelmuxStsSlow", "slow",
          "BabelmuxBreakerOpen", "breaker",
          "BabelmuxFallbackRatio", "breaker",
          "BabelmuxStsUnreachable", "gone",
          "BabelmuxStsRefuses", "refused");

  @TempDir private static Path folder;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<AutoCloseable> started = new ArrayList<>();
  private final Map<String, MediaTask> publishers = new HashMap<>();
  private final Map<String, Integer> answers = new TreeMap<>();
  private FaultProxy rtmp;
  private Served served;
  private Running running;
  private Prometheus prometheus;
  private Future<?> destinations;
  private String secondUrl;
  private Path film;
  private Path records;
  private Path state;

  @BeforeAll
  void causeAll() throws Exception {
    Optional<Path> program = Prometheus.find();
    Assumptions.assumeTrue(program.isPresent(), "no prometheus: no alert was fired on one");
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit");
    Assumptions.assumeTrue(Servers.currentIsEmbedded(), "the embedded origin");
    long beginNanos = System.nanoTime();
    film = Films.small(folder.resolve("film.mp4"), 28);
    records = Files.createDirectory(folder.resolve("records"));
    state = Files.createDirectory(folder.resolve("state"));
    startWorkers();
    prometheus = started(Prometheus.start(program.orElseThrow(), configuration()));
    // A counter that was above 0 when it was scraped first has not risen for Prometheus.
    Running.await(
        "both workers are scraped",
        LIMIT,
        () -> prometheus.query("count_over_time(worker_ready[1m]) > 1").size() == 2);
    causeEarly();
    causeOnAir();
    causeBehind();
    for (Map.Entry<String, String> each : BY_SCRIPT.entrySet()) {
      awaitFired(each.getKey(), ofStream(each.getValue()));
    }
    for (String alert : ShippedQueries.alerts().keySet()) {
      awaitResolved(alert, "");
    }
    Report.measured(
        "alerts fired and resolved on Prometheus (s)",
        (System.nanoTime() - beginNanos) / 1_000_000_000);
  }

  private <T extends AutoCloseable> T started(T part) {
    started.add(0, part);
    return part;
  }

  private void startWorkers() throws Exception {
    StsEchoConfig.Builder sts = StsEchoConfig.builder().faults(FaultPlan.parse(FAULTS + OVERLOAD));
    served =
        started(
            Served.start(
                sts,
                server -> {
                  rtmp = started(FaultProxy.to(server.rtmpUrl()));
                  return Map.of("MEDIAMTX_RTMP_URL", rtmp.url().toString());
                },
                DELAY,
                "--mediamtx-reconcile-interval=1s",
                "--output-check-interval=1s",
                "--output-destinations-allow=127.0.0.1",
                "--max-streams=" + (STREAMS.size() + 1),
                "--record-to=" + records,
                "--state-dir=" + state,
                "--admission-cpu=false",
                "--admission-memory=false"));
    running = served.running();
    int port = FreePort.onLoopback();
    secondUrl = "http://127.0.0.1:" + port;
    LocalStack stack = running.stack();
    started(
        LocalStackFactory.worker(
            Map.of(
                "http.port",
                Integer.toString(port),
                "input.path-pattern",
                "^live/(contested)/in$",
                "mediamtx.rtmp-url",
                stack.server().rtmpUrl().toString(),
                "mediamtx.api-url",
                stack.server().apiUrl().toString(),
                "mediamtx.reconcile-interval",
                "1s",
                "delay",
                "8s",
                "sts.skip",
                "true",
                "admission.cpu",
                "false")));
  }

  /** The shipped configuration, faster. */
  private Path configuration() throws IOException {
    Path made = Files.createDirectory(folder.resolve("prometheus"));
    String config = Files.readString(ShippedQueries.PROMETHEUS.resolve("prometheus.yml"));
    Files.writeString(
        made.resolve("prometheus.yml"), config.replaceAll("(_interval|_timeout): \\d+s", "$1: 1s"));
    String rules = Files.readString(ShippedQueries.PROMETHEUS.resolve("alerts.yml"));
    Files.writeString(
        made.resolve("alerts.yml"),
        rules
            .replaceAll("( for): \\w+", "$1: 0s")
            .replaceAll("\\[1\\dm\\]", "[30s]")
            .replaceAll("\\[(\\dm|30s)\\]", "[15s]"));
    Files.writeString(
        made.resolve("workers.yml"),
        "- targets: ['%s', '%s']\n"
            .formatted(URI.create(running.url("")).getAuthority(), secondAuthority()));
    return made;
  }

  private String secondAuthority() {
    return URI.create(secondUrl).getAuthority();
  }

  // --- faults ---

  /** What needs no packet that leaves. */
  private void causeEarly() throws Exception {
    EmbeddedOrigin origin = running.origin();
    // Something that nobody publishes: given up after 5 s.
    assertThat(hook("ready", "live/nobody/in")).isEqualTo(200);
    for (String id : STREAMS) {
      publish(id);
    }
    assertThat(hook("ready", "../etc")).isEqualTo(422);
    origin.faults().apiDown(true);
    awaitFires("BabelmuxMediaMtxApiDown", "");
    origin.faults().apiDown(false);
    awaitFired("BabelmuxHooksRefused", "reason=\"invalid\"");
    awaitFired("BabelmuxStreamFailed", "reason=\"source\"");
    publish(WELL);
    running.awaitState(WELL, "BUFFERING", LIMIT);
    assertThat(hook("ready", "live/more/in")).isEqualTo(503);
    awaitFired("BabelmuxStreamsRefused", "reason=\"full\"");
    Path away = state.resolveSibling("away");
    Files.move(state, away);
    FaultProxy down = started(FaultProxy.to(origin.rtmpUrl()));
    FaultProxy flaps = started(FaultProxy.to(origin.rtmpUrl()));
    addDestination("down", down);
    addDestination("flaps", flaps);
    awaitFires("BabelmuxDegraded", "component=\"state-dir\"");
    Files.move(away, state);
    awaitFires("BabelmuxSourceWarning", ofStream("mute") + ",kind=\"no_audio\"");
    running.drop("mute");
    stopPublishing("mute");
    destinations = pool.submit(() -> troubleDestinations(down, flaps));
  }

  private void addDestination(String name, FaultProxy server) throws Exception {
    String url = server.url() + "/" + name + "/" + WELL;
    assertThat(
            running.post("/v1/streams/" + WELL + "/destinations", Map.of("name", name, "url", url)))
        .isEqualTo(201);
  }

  private Void troubleDestinations(FaultProxy down, FaultProxy flaps) throws Exception {
    awaitDestination("down", "up");
    down.refuse(true);
    down.reset();
    for (int times = 0; times < 3; times++) {
      awaitDestination("flaps", "up");
      flaps.reset();
      awaitDestination("flaps", "down");
    }
    awaitFires("BabelmuxDestinationDown", "destination=\"down\"");
    down.refuse(false);
    awaitFired("BabelmuxDestinationFlapping", "destination=\"flaps\"");
    return null;
  }

  private void awaitDestination(String name, String wanted) {
    Running.await(
        name + " is " + wanted,
        LIMIT,
        () -> {
          for (JsonNode each : running.stream(WELL).path("destinations")) {
            if (each.path("name").asText().equals(name)) {
              return each.path("state").asText().equals(wanted);
            }
          }
          return false;
        });
  }

  /** What needs streams on air. */
  private void causeOnAir() throws Exception {
    EmbeddedOrigin origin = running.origin();
    running.awaitState("slow", "LIVE", LIMIT);
    bypass(true);
    stopPublishing("refused");
    awaitFires("BabelmuxSourceLost", ofStream("refused"));
    publish("refused");
    awaitFires("BabelmuxBreakerOpen", ofStream("breaker"));
    URI drill = URI.create(running.stack().stsUrl() + "/drill/faults");
    assertThat(send(HttpRequest.newBuilder(drill).PUT(BodyPublishers.ofString(FAULTS))))
        .isBetween(200, 299);
    origin.faults().refusePublishers("live/slow/out", true);
    kickPublisher("live/slow/out");
    awaitFires("BabelmuxOutputDown", ofStream("slow"));
    awaitFired("BabelmuxPacketsDropped", ofStream("slow"));
    origin.faults().refusePublishers("live/slow/out", false);
    stopRecordings();
    rtmp.refuse(true);
    awaitFires("BabelmuxOutputNotReadable", "result=\"unreachable\"");
    rtmp.refuse(false);
    awaitFires("BabelmuxBypassOn", ofStream("slow"));
    bypass(false);
    for (Map.Entry<String, String> query : ShippedQueries.dashboard().entrySet()) {
      answers.put(query.getKey(), prometheus.query(query.getValue()).size());
    }
  }

  private void bypass(boolean on) throws Exception {
    assertThat(
            send(
                HttpRequest.newBuilder(URI.create(running.url("/v1/streams/slow/bypass")))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"bypass\": %s}".formatted(on)))))
        .isEqualTo(200);
  }

  private static int send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** As on a full disk: no file may become larger than the largest one is. */
  private void stopRecordings() throws Exception {
    limitFiles(10_000);
    awaitFires("BabelmuxRecordingStopped", "");
    awaitFired("BabelmuxRecordingIncomplete", "");
    limitFiles(Long.MAX_VALUE);
  }

  private void limitFiles(long more) throws Exception {
    long largest = 0;
    try (Stream<Path> files = Files.walk(records)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        largest = Math.max(largest, Files.size(file));
      }
    }
    String soft = more == Long.MAX_VALUE ? "unlimited" : Long.toString(largest + more);
    run("prlimit", "--pid", pid(), "--fsize=" + soft + ":unlimited");
  }

  /** What holds up the whole worker, and what another one may say. */
  private void causeBehind() throws Exception {
    destinations.get();
    awaitFired("BabelmuxTwoWorkers", "");
    assertThat(Web.post(secondUrl + "/v1/drain", "")).isEqualTo(202);
    run("kill", "-STOP", pid());
    awaitFires("BabelmuxWorkerDown", "");
    run("kill", "-CONT", pid());
    awaitFired("BabelmuxLate", "");
    awaitFires("BabelmuxNotReady", "instance=\"" + secondAuthority() + "\"");
    assertThat(send(HttpRequest.newBuilder(URI.create(secondUrl + "/v1/drain")).DELETE()))
        .isEqualTo(200);
  }

  private String pid() {
    return Long.toString(served.serve().pid());
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private void publish(String id) throws Exception {
    Path what = film;
    if (id.equals("mute")) {
      what = Films.cut(film, folder.resolve("mute.mp4"), 28, "-an");
    }
    MediaTask task = StreamPublisher.loop(what, running.stack().inputUrl(id), 3, ON_AIR);
    publishers.put(id, task);
    started(task);
  }

  private void stopPublishing(String id) {
    Objects.requireNonNull(publishers.get(id)).close();
  }

  private int hook(String event, String path) throws InterruptedException {
    return running.post(
        "/v1/mediamtx/events/" + event,
        Map.of("path", path, "sourceType", "rtmpConn", "sourceId", "1"));
  }

  private void kickPublisher(String path) throws Exception {
    String api = running.stack().server().apiUrl() + "/v3/rtmpconns/";
    for (JsonNode connection : Web.json(api + "list").path("items")) {
      if (connection.path("path").asText().equals(path)
          && connection.path("state").asText().equals("publish")) {
        Web.post(api + "kick/" + connection.path("id").asText(), "");
      }
    }
  }

  // --- alerts ---

  private static String ofStream(String id) {
    return "stream_id=\"" + id + "\"";
  }

  private static String firing(String alert, String labels) {
    return "ALERTS{alertname=\"%s\",alertstate=\"firing\",%s}".formatted(alert, labels);
  }

  private void awaitFires(String alert, String labels) {
    Running.await(
        alert + " fires", LIMIT, () -> !prometheus.query(firing(alert, labels)).isEmpty());
  }

  /** Also when it is resolved by now. */
  private void awaitFired(String alert, String labels) {
    Running.await(alert + " has fired", LIMIT, () -> hasFired(alert, labels));
  }

  private boolean hasFired(String alert, String labels) throws InterruptedException {
    return !prometheus.query("count_over_time(" + firing(alert, labels) + "[10m])").isEmpty();
  }

  private void awaitResolved(String alert, String labels) {
    Running.await(
        alert + " is resolved", LIMIT, () -> prometheus.query(firing(alert, labels)).isEmpty());
  }

  @AfterAll
  void stop() throws Exception {
    pool.shutdownNow();
    for (AutoCloseable part : started) {
      part.close();
    }
  }

  static Set<String> shipped() throws IOException {
    return ShippedQueries.alerts().keySet();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void firesAndIsResolved(String alert) throws Exception {
    assertThat(hasFired(alert, "")).isEqualTo(!NOT_CAUSED.contains(alert));
    assertThat(prometheus.query(firing(alert, ""))).isEmpty();
  }

  @Test
  void everyQueryOfTheDashboardHasData() throws Exception {
    Map<String, Integer> none = new LinkedHashMap<>(answers);
    none.values().removeIf(series -> series > 0);
    assertThat(none).isEmpty();
    assertThat(answers).isNotEmpty();
  }
}
