package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.support.SupportBundle;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.LoadedConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupportBundleCommandTest {
  private static final String TOKEN = "t0ken-of-the-operator";
  private static final String[] NO_MEDIAMTX = {"--mediamtx-api", "http://127.0.0.1:1"};

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private static Map<String, String> files(Path zip) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  private static WorkerServer serve(Map<String, String> more) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>(more);
    settings.put("http.port", "0");
    settings.put("mediamtx.api-url", "http://127.0.0.1:1");
    LoadedConfig loaded = ConfigLoader.load(settings, Map.of(), null);
    return new WorkerServer(loaded.config(), SupportBundle.settings(loaded), DubbingStreams::new);
  }

  @Test
  void itHoldsWhatTheWorkerTells() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    try (WorkerServer server = serve(Map.of("api.token", TOKEN, "delay", "20s"))) {
      int code =
          run(
              "support-bundle",
              zip.toString(),
              "--port",
              Integer.toString(server.port()),
              "--api-token",
              TOKEN,
              NO_MEDIAMTX[0],
              NO_MEDIAMTX[1]);
      assertThat(code).as(err.toString()).isZero();
      assertThat(out.toString())
          .startsWith(zip + ": ")
          .contains("from http://127.0.0.1:" + server.port());
    }
    Map<String, String> files = files(zip);
    assertThat(files)
        .containsKeys(
            "README.txt",
            "settings.txt",
            "ready.json",
            "streams.json",
            "log.txt",
            "threads.txt",
            "metrics.txt",
            "versions.json");
    assertThat(files.get("settings.txt"))
        .contains("delay = \"20s\"", "api.token = \"***\"")
        .doesNotContain(TOKEN);
    assertThat(files.get("metrics.txt")).contains("worker_streams 0.0");
    assertThat(files.get("threads.txt")).contains("vert.x-eventloop-thread");
    JsonNode versions = new JsonMapper().readTree(files.get("versions.json"));
    assertThat(versions.at("/worker/babelmux").asText()).isEqualTo(Version.text());
    assertThat(versions.at("/worker/ffmpeg").asText()).matches("\\d.*");
    assertThat(versions.at("/process/heapMaxBytes").asLong()).isPositive();
    assertThat(versions.path("mediamtx").asText()).isEqualTo("unknown");
    assertThat(files.get("README.txt")).contains("MediaMTX's version: ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(zip)))
        .isEqualTo("rw-------");
  }

  @Test
  void itHoldsTheReportThatTheWorkerHas() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    String report;
    Map<String, String> settings =
        Map.of("api.token", TOKEN, "mediamtx.rtmp-url", "rtmp://127.0.0.1:1", "sts.skip", "true");
    try (WorkerServer server = serve(settings)) {
      HttpClient client = HttpClient.newHttpClient();
      URI doctor = URI.create("http://127.0.0.1:%d/v1/doctor".formatted(server.port()));
      HttpRequest look =
          HttpRequest.newBuilder(URI.create(doctor + "?publish=false"))
              .header("Authorization", "Bearer " + TOKEN)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      report = client.send(look, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(doctor)
                          .header("Authorization", "Bearer " + TOKEN)
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body())
          .isEqualTo(report);
      int code =
          run(
              "support-bundle",
              zip.toString(),
              "--port",
              Integer.toString(server.port()),
              "--api-token",
              TOKEN,
              NO_MEDIAMTX[0],
              NO_MEDIAMTX[1]);
      assertThat(code).as(err.toString()).isZero();
    }
    assertThat(files(zip).get("doctor.json")).isEqualTo(report);
    JsonNode parsed = new JsonMapper().readTree(report);
    assertThat(parsed.path("level").asText()).isEqualTo("fail");
    assertThat(parsed.path("findings").findValuesAsText("code")).contains("BMX-201");
    assertThat(files(zip).get("README.txt")).doesNotContain("doctor's report: ");
    assertThat(err.toString()).doesNotContain("doctor's report");
  }

  @Test
  void whatIsNoWorkerIsNotAskedAndGetsNoToken() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    other.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    other.start();
    try {
      int code =
          run(
              "support-bundle",
              zip.toString(),
              "--port",
              Integer.toString(other.getAddress().getPort()),
              "--api-token",
              TOKEN,
              NO_MEDIAMTX[0],
              NO_MEDIAMTX[1]);
      assertThat(code).as(err.toString()).isZero();
    } finally {
      other.stop(0);
    }
    assertThat(asked).singleElement().satisfies(only -> assertThat(only).startsWith("/ "));
    assertThat(asked.toString()).doesNotContain(TOKEN);
    assertThat(err.toString()).contains("(http.host, http.port): another program does");
  }

  @Test
  void aWorkerThatRefusesGivesWhatEverybodyMayRead() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    try (WorkerServer server = serve(Map.of("api.token", TOKEN))) {
      int code =
          run(
              "support-bundle",
              zip.toString(),
              "--port",
              Integer.toString(server.port()),
              NO_MEDIAMTX[0],
              NO_MEDIAMTX[1]);
      assertThat(code).as(err.toString()).isZero();
    }
    assertThat(files(zip))
        .containsKeys("metrics.txt", "ready.json", "settings.txt")
        .doesNotContainKeys("log.txt", "threads.txt", "streams.json", "doctor.json");
    assertThat(err.toString())
        .contains("/v1/support: 401 expected Authorization: Bearer")
        .contains("/v1/streams: 401 expected Authorization: Bearer");
  }

  @Test
  void withoutAWorkerItHoldsWhatThereIsAndSaysWhatIsMissing() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    int code =
        run(
            "support-bundle",
            zip.toString(),
            "--port",
            Integer.toString(port),
            NO_MEDIAMTX[0],
            NO_MEDIAMTX[1]);
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("no worker answered");
    assertThat(err.toString())
        .contains("no worker answers at http://127.0.0.1:" + port + " (http.host, http.port): ");
    Map<String, String> files = files(zip);
    assertThat(files).containsOnlyKeys("README.txt", "settings.txt", "versions.json");
    assertThat(files.get("README.txt")).contains("no worker answers at http://127.0.0.1:" + port);
    assertThat(files.get("settings.txt")).contains("http.port = \"" + port + "\"");
  }

  @Test
  void settingsThatCannotBeUsedStandInIt() throws Exception {
    Path zip = folder.resolve("bundle.zip");
    assertThat(run("support-bundle", zip.toString(), "--delay", "1s")).isZero();
    assertThat(files(zip).get("settings.txt")).contains("delay");
    assertThat(files(zip).get("README.txt")).contains("as the settings cannot be used");
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Path zip = Files.writeString(folder.resolve("mine.zip"), "mine");
    assertThat(run("support-bundle", zip.toString(), "--delay", "1s")).isEqualTo(1);
    assertThat(err.toString()).contains(zip + " is there already");
    assertThat(zip).hasContent("mine");
  }
}
