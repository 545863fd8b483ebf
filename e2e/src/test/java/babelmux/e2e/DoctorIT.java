package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.app.doctor.Code;
import babelmux.app.doctor.Doctor;
import babelmux.app.doctor.Finding;
import babelmux.app.doctor.Level;
import babelmux.app.doctor.LonePort;
import babelmux.app.doctor.Report;
import babelmux.app.doctor.Setup;
import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.hooks.TestStreams;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.FreePort;
import babelmux.origin.OriginConfig;
import babelmux.origin.OriginFaults;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.worker.config.ConfigLoader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Misconfigurations, each planted alone: doctor names it by its code, and blames nothing else. On
 * MediaMTX with the files of {@code deploy}, where it is found; what the embedded origin can show,
 * on that.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DoctorIT {
  private static final int SIDE_BY_SIDE = 6;
  private static final String NONCE = "known";
  private static final String ID = TestStreams.PREFIX + NONCE;
  private static final JsonMapper JSON = new JsonMapper();

  private final ExecutorService pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
  private final Map<String, Future<List<Finding>>> runs = new LinkedHashMap<>();
  private final Map<String, List<Code>> expected = new LinkedHashMap<>();
  @TempDir static Path folder;
  private Path reports;
  private StsEcho sts;

  /** One set-up: what is changed, and how doctor is asked. */
  private static final class Plant {
    private final String name;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private UnaryOperator<String> file = text -> text;
    private boolean publish = true;
    private boolean noServer;
    private String occupied = "";

    Plant(String name) {
      this.name = name;
      settings.put("sts.skip", "true");
    }

    Plant sts(String url) {
      settings.remove("sts.skip");
      return setting("sts.url", url);
    }

    Plant file(String from, String to) {
      UnaryOperator<String> before = file;
      file =
          text -> {
            String last = before.apply(text);
            assertThat(last).contains(from);
            return last.replace(from, to);
          };
      return this;
    }

    Plant setting(String key, String value) {
      settings.put(key, value);
      return this;
    }

    Plant variable(String key, String value) {
      environment.put(key, value);
      return this;
    }

    Plant withoutPublish() {
      publish = false;
      return this;
    }

    Plant withoutServer() {
      noServer = true;
      return this;
    }

    Plant occupied(String path) {
      occupied = path;
      return this;
    }

    /** Starts what is missing, and looks. */
    private List<Finding> look(Optional<Path> mediaMtx) throws Exception {
      try {
        settings.putIfAbsent("http.port", Integer.toString(FreePort.onLoopback()));
        String port = settings.getOrDefault("http.port", "");
        environment.putIfAbsent("ORCHESTRATOR_URL", "http://127.0.0.1:" + port);
        if (noServer) {
          settings.put("mediamtx.rtmp-url", "rtmp://127.0.0.1:" + FreePort.onLoopback());
          settings.put("mediamtx.api-url", "http://127.0.0.1:" + FreePort.onLoopback());
        } else if (mediaMtx.isPresent()) {
          Path own = Files.createDirectory(folder.resolve(name));
          DeployedServer server = DeployedServer.start(mediaMtx.get(), own, file, environment);
          parts.add(server);
          settings.putIfAbsent("mediamtx.rtmp-url", server.rtmpUrl());
          settings.putIfAbsent("mediamtx.api-url", server.apiUrl());
          if (!occupied.isEmpty()) {
            occupy(server);
          }
        }
        return DoctorIT.look(settings, publish);
      } finally {
        for (AutoCloseable part : parts) {
          part.close();
        }
      }
    }

    private void occupy(DeployedServer server) {
      MediaTask first =
          StreamPublisher.loop(
              Films.counting(), server.rtmpUrl() + "/" + occupied, 3, Duration.ofMinutes(1));
      parts.add(0, first);
      Running.await(
          occupied + " is listed",
          Duration.ofSeconds(20),
          () -> Web.text(server.apiUrl() + "/v3/paths/list").contains(occupied));
    }
  }

  private static List<Finding> look(Map<String, String> settings, boolean publish)
      throws InterruptedException {
    Setup setup = Setup.of("test", ConfigLoader.load(settings, Map.of(), null), System.getenv());
    TestStreams tests = new TestStreams(System::nanoTime, () -> NONCE);
    try (LonePort port = new LonePort(setup.config(), tests)) {
      Report report = Doctor.look(setup, port.host(), publish);
      assertThat(report.tookMs()).isLessThan(60_000);
      return report.findings();
    }
  }

  private static List<Code> blamed(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.level() == Level.WARN || finding.level() == Level.FAIL)
        .map(Finding::code)
        .toList();
  }

  private Plant plant(Code code) {
    Plant plant = new Plant(code.label() + "-" + code.name().toLowerCase(Locale.ROOT));
    expected.put(plant.name, List.of(code));
    return plant;
  }

  @BeforeAll
  void runAll() throws Exception {
    reports = Films.folder(DoctorIT.class);
    sts = StsEcho.start(StsEchoConfig.builder().port(0).build());
    Optional<Path> mediaMtx = Servers.mediaMtx();
    if (mediaMtx.isPresent()) {
      for (Plant plant : plants()) {
        runs.put(plant.name, pool.submit(() -> plant.look(mediaMtx)));
      }
    }
  }

  @AfterAll
  void stop() throws Exception {
    pool.shutdownNow();
    for (AutoCloseable part : held) {
      part.close();
    }
    sts.close();
  }

  private static final String IN_PATH = "  \"~^live/([A-Za-z0-9_-]{1,64})/in$\":\n";
  private static final String OUT_PATH = "  \"~^live/([A-Za-z0-9_-]{1,64})/out$\":";
  private static final String ON_READY = "    runOnReady: $BABELMUX_HOOK ready\n";
  private static final String ON_NOT_READY = "    runOnNotReady: $BABELMUX_HOOK not-ready\n";
  private static final String OTHERS_PUBLISH =
      "      - action: publish\n        path: \"~^live/[^/]+/in$\"\n";
  private static final String OTHERS_READ_IN =
      "      - action: read\n        path: \"~^live/[^/]+/in$\"\n";
  private static final String OTHERS_READ_OUT =
      "      - action: read\n        path: \"~^live/[^/]+/out$\"\n";

  private List<Plant> plants() throws Exception {
    Plant sane = new Plant("sane").sts(sts.url().toString());
    expected.put(sane.name, List.of());
    List<Plant> plants = new ArrayList<>(List.of(sane));
    String toolless = toolless().toString();
    Path plain = Files.writeString(folder.resolve("plain-mtx-hook"), "#!/bin/sh\n");
    Path busyFile = Files.createFile(folder.resolve("a-file"));
    int taken = taken();
    HttpServer foreign = http(200, "<html>");
    HttpServer old = http(0, "");
    String noOne = "127.0.0.1:" + FreePort.onLoopback();
    plants.addAll(
        List.of(
            plant(Code.PORT).setting("http.port", Integer.toString(taken)),
            plant(Code.FOLDER)
                .setting("output.destinations", "second=file://" + busyFile + "/x/{id}.flv"),
            plant(Code.MEMORY_STREAMS)
                .withoutPublish()
                .setting("max-streams", "100")
                .setting("delay", "30s")
                .setting("admission.bitrate", "400M"),
            plant(Code.RTMP_UNREACHABLE).withoutServer(),
            plant(Code.API_UNREACHABLE)
                .file("127.0.0.1:APIPORT", "127.0.0.1:" + FreePort.onLoopback()),
            plant(Code.API_REFUSED).file("      - action: api\n", ""),
            plant(Code.API_FOREIGN).setting("mediamtx.api-url", url(foreign)),
            plant(Code.API_OPEN)
                .withoutPublish()
                .file("127.0.0.1:APIPORT", ":APIPORT")
                .file(OTHERS_PUBLISH, "      - action: api\n" + OTHERS_PUBLISH),
            plant(Code.OLD_VERSION).withoutPublish().setting("mediamtx.api-url", url(old)),
            plant(Code.IN_NOT_CONFIGURED).file(IN_PATH, "  live/other/in:\n"),
            plant(Code.OUT_NOT_CONFIGURED).file(OUT_PATH, "  live/other/out:"),
            plant(Code.OTHER_WORKER).withoutPublish().occupied("live/foreign/out"),
            plant(Code.HOOK_MISSING).file(ON_READY, "").file("    runOnReadyRestart: yes\n", ""),
            plant(Code.NOT_READY_HOOK_MISSING).file(ON_NOT_READY, ""),
            plant(Code.HOOK_ON_OUTPUT).file(IN_PATH, "  all_others:\n").file(OUT_PATH, "  other:"),
            plant(Code.HOOK_PROGRAM_MISSING).variable("BABELMUX_HOOK", "/none/mtx-hook"),
            plant(Code.HOOK_NOT_EXECUTABLE).variable("BABELMUX_HOOK", plain.toString()),
            plant(Code.HOOK_CLIENT_MISSING).variable("PATH", toolless),
            plant(Code.HOOK_ELSEWHERE).variable("ORCHESTRATOR_URL", "http://" + noOne),
            plant(Code.HOOK_REFUSED)
                .setting("api.token", "a-token-of-sixteen")
                .setting("api.token-for-hooks", "true"),
            plant(Code.HOOK_LOST).variable("BABELMUX_HOOK", "/bin/true"),
            plant(Code.PUBLISH_REFUSED)
                .file(
                    "      - action: publish\n      - action: read\n",
                    "      - action: publish\n        path: \"~/out$\"\n      - action: read\n")
                .file(OTHERS_PUBLISH, ""),
            plant(Code.PUBLISH_BUSY)
                .file(IN_PATH, IN_PATH + "    overridePublisher: no\n")
                .occupied("live/" + ID + "/in"),
            plant(Code.READ_REFUSED)
                .file(
                    "      - action: publish\n      - action: read\n",
                    "      - action: publish\n      - action: read\n        path: \"~/out$\"\n")
                .file(OTHERS_READ_IN, ""),
            plant(Code.STS_PORT).withoutPublish().sts("http://" + noOne),
            plant(Code.STS_PROTOCOL).withoutPublish().sts(url(foreign)),
            plant(Code.OUTPUT_REFUSED)
                .file(
                    "      - action: publish\n      - action: read\n",
                    "      - action: publish\n        path: \"~/in$\"\n      - action: read\n"),
            plant(Code.OUTPUT_BUSY)
                .file(OUT_PATH, OUT_PATH + "\n    overridePublisher: no")
                .occupied("live/" + ID + "/out"),
            plant(Code.OUTPUT_READ_REFUSED)
                .file(
                    "      - action: publish\n      - action: read\n",
                    "      - action: publish\n      - action: read\n        path: \"~/in$\"\n")
                .file(OTHERS_READ_OUT, ""),
            plant(Code.DESTINATION_UNREACHABLE)
                .withoutPublish()
                .setting("output.destinations", "second=rtmp://" + noOne + "/app/{id}")));
    return plants;
  }

  /** A PATH on which nothing is that a script needs for HTTP. */
  private Path toolless() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("sh", "awk", "sed", "tr", "date", "sleep", "cut", "cat")) {
      for (String place : List.of("/bin", "/usr/bin")) {
        Path program = Path.of(place, tool);
        if (Files.exists(program) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), program);
        }
      }
    }
    return bin;
  }

  private final List<AutoCloseable> held = new ArrayList<>();

  private int taken() throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    held.add(socket);
    return socket.getLocalPort();
  }

  /**
   * @param status 0 for an API of an old release
   */
  private HttpServer http(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          String text =
              status != 0
                  ? body
                  : path.equals("/v3/info")
                      ? "{\"version\":\"v1.8.5\"}"
                      : "{\"pageCount\":1,\"items\":[]}";
          boolean isThere = status != 0 || !path.startsWith("/v3/config");
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isThere ? 200 : 404, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    held.add(() -> server.stop(0));
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @TestFactory
  Stream<DynamicTest> eachIsNamedAndNothingElseIsBlamed() {
    Assumptions.assumeTrue(!runs.isEmpty(), Servers.LACKING);
    return runs.entrySet().stream()
        .map(
            run ->
                DynamicTest.dynamicTest(
                    run.getKey(),
                    () -> {
                      List<Finding> findings = run.getValue().get();
                      String lines =
                          String.join("\n", findings.stream().map(Finding::line).toList());
                      Files.writeString(reports.resolve(run.getKey() + ".txt"), lines);
                      assertThat(blamed(findings)).as(lines).isEqualTo(expected.get(run.getKey()));
                    }));
  }

  @Test
  void thePageListsThePlants() throws Exception {
    Assumptions.assumeTrue(!runs.isEmpty(), Servers.LACKING);
    Path page = Path.of(System.getProperty("e2e.fixtures", "")).resolve("../docs/doctor.md");
    String planted = Files.readString(page).split("## Planted", 2)[1];
    List<String> listed =
        Pattern.compile("(?m)^\\| (BMX-\\d{3}) \\|")
            .matcher(planted)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(listed)
        .hasSizeGreaterThanOrEqualTo(20)
        .containsExactlyInAnyOrderElementsOf(
            expected.values().stream().flatMap(List::stream).map(Code::label).toList());
  }

  /** One set-up on the embedded origin, which does not tell how it is configured. */
  private List<Finding> onOrigin(
      UnaryOperator<OriginConfig.Builder> change, Consumer<OriginFaults> fault) throws Exception {
    int port = FreePort.onLoopback();
    try (EmbeddedOrigin origin =
        EmbeddedOrigin.start(change.apply(hooked("http://127.0.0.1:" + port)).build())) {
      fault.accept(origin.faults());
      return look(
          Map.of(
              "http.port", Integer.toString(port),
              "mediamtx.rtmp-url", origin.rtmpUrl().toString(),
              "mediamtx.api-url", origin.apiUrl().toString(),
              "sts.skip", "true"),
          true);
    }
  }

  private static OriginConfig.Builder hooked(String workerUrl) {
    Path home = Path.of(System.getProperty("babelmux.home", "")).toAbsolutePath().normalize();
    String hook = home.resolve("deploy/mediamtx/hooks/mtx-hook").toString();
    return OriginConfig.builder()
        .onReady("$MTX_HOOK ready")
        .onNotReady("$MTX_HOOK not-ready")
        .hookEnvironment(Map.of("ORCHESTRATOR_URL", workerUrl, "MTX_HOOK", hook));
  }

  @TestFactory
  Stream<DynamicTest> soItIsOnTheEmbeddedOrigin() {
    String in = "live/" + ID + "/in";
    String out = "live/" + ID + "/out";
    Map<String, Future<List<Finding>>> looks = new LinkedHashMap<>();
    Map<String, List<Code>> codes = new LinkedHashMap<>();
    BiConsumer<List<Code>, Callable<List<Finding>>> add =
        (expects, look) -> {
          String name = "origin-" + (expects.isEmpty() ? "sane" : expects.get(0).label());
          codes.put(name, expects);
          looks.put(name, pool.submit(look));
        };
    UnaryOperator<OriginConfig.Builder> same = builder -> builder;
    add.accept(List.of(), () -> onOrigin(same, faults -> {}));
    add.accept(
        List.of(Code.HOOK_LOST), () -> onOrigin(builder -> builder.onReady(null), faults -> {}));
    add.accept(List.of(Code.API_UNREACHABLE), () -> onOrigin(same, faults -> faults.apiDown(true)));
    add.accept(List.of(Code.API_REFUSED), () -> onOrigin(same, faults -> faults.apiStatus(401)));
    add.accept(
        List.of(Code.PUBLISH_REFUSED),
        () -> onOrigin(same, faults -> faults.refusePublishers(in, true)));
    add.accept(
        List.of(Code.OUTPUT_REFUSED),
        () -> onOrigin(same, faults -> faults.refusePublishers(out, true)));
    return looks.entrySet().stream()
        .map(
            look ->
                DynamicTest.dynamicTest(
                    look.getKey(),
                    () -> {
                      List<Finding> findings = look.getValue().get();
                      assertThat(blamed(findings))
                          .as(findings.stream().map(Finding::line).toList().toString())
                          .isEqualTo(codes.get(look.getKey()));
                    }));
  }

  @Test
  void aWorkerThatRunsLooksItselfAndStartsNothing() throws Exception {
    int port = FreePort.onLoopback();
    String url = "http://127.0.0.1:" + port;
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(hooked(url).build());
        LocalStack.Worker worker =
            LocalStackFactory.worker(
                Map.of(
                    "http.port", Integer.toString(port),
                    "mediamtx.rtmp-url", origin.rtmpUrl().toString(),
                    "mediamtx.api-url", origin.apiUrl().toString(),
                    "mediamtx.reconcile-interval", "200ms",
                    "api.token", "a-token-of-sixteen",
                    "admission.cpu", "false",
                    "sts.url", sts.url().toString()))) {
      assertThat(worker).isNotNull();
      String seriesBefore = streamSeries(url);
      assertThat(Web.post(url + "/v1/doctor", "")).as("without the token").isEqualTo(401);
      assertThat(Web.text(url + "/v1/doctor")).as("without the token").isEmpty();
      Program.Ended asked =
          Program.runIn(
              Path.of(System.getProperty("babelmux.home", "")),
              Map.of("BABELMUX_API_TOKEN", "a-token-of-sixteen"),
              "doctor",
              "--json",
              "--port",
              Integer.toString(port));
      assertThat(asked.code()).as(asked.said()).isZero();
      JsonNode report = JSON.readTree(asked.said());
      assertThat(report.path("level").asText()).as(asked.said()).isEqualTo("unknown");
      assertThat(asked.said())
          .contains("is this worker's", "it arrives", "brings video and audio")
          .doesNotContain("a-token-of-sixteen");
      assertThat(Web.json(url + "/v1/doctor", "a-token-of-sixteen")).isEqualTo(report);
      assertThat(Web.json(url + "/v1/streams", "a-token-of-sixteen").path("streams")).isEmpty();
      assertThat(streamSeries(url)).isEqualTo(seriesBefore).doesNotContain(TestStreams.PREFIX);
      assertThat(Web.json(url + "/health/ready").path("status").asText()).isEqualTo("ready");
      Program.Ended refused =
          Program.run("doctor", "--no-publish", "--port", Integer.toString(port));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.said()).contains("fail     BMX-112  worker");
    }
  }

  private static String streamSeries(String url) throws InterruptedException {
    return Web.text(url + "/metrics")
        .lines()
        .filter(line -> line.contains("stream_id=") || line.startsWith("worker_streams"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
