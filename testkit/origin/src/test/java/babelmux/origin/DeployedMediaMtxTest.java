package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stranger can do with a real MediaMTX that runs with the files of {@code deploy} and
 * docker-compose.e2e.yml. The stranger is this machine under its own address, which is not
 * loopback.
 */
@Tag("slow")
class DeployedMediaMtxTest {
  private static final Path CONFIG = Path.of("../../deploy/mediamtx/mediamtx.yml");
  private static final Path COMPOSE = Path.of("../../docker-compose.e2e.yml");
  private static final Pattern SETTING = Pattern.compile("^      (MTX_[A-Z0-9_]+): (.*)$");
  private static final String LOOPBACK = "127.0.0.1";
  private static final String GATEWAY = "10.213.77.1";
  private static final String WORKER = "10.213.77.3";
  private static final String PASSWORD = "secret";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private String outside = "";
  private int rtmpPort;
  private int apiPort;
  private @Nullable Process process;

  @BeforeEach
  void findTheOutside() throws IOException {
    TestMedia.make();
    Optional<String> address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(own -> own instanceof Inet4Address && !own.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst();
    Assumptions.assumeTrue(address.isPresent(), "this machine has no address but loopback");
    outside = address.orElseThrow();
    rtmpPort = FreePort.on("0.0.0.0");
    apiPort = FreePort.on("0.0.0.0");
  }

  @AfterEach
  void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      running.waitFor();
    }
  }

  @Test
  void theFileLetsThisHostDoEverything() throws Exception {
    start(Map.of("MTX_APIADDRESS", LOOPBACK + ":" + apiPort));
    assertThat(paths(LOOPBACK, null)).isEqualTo(200);
    assertThat(addPathThatRunsACommand(LOOPBACK, null)).isEqualTo(200);
    assertThat(publishes(LOOPBACK, "live/a", "in")).isTrue();
    assertThat(publishes(LOOPBACK, "live/a", "out")).isTrue();
  }

  @Test
  void theFileLetsAStrangerPublishInputsOnlyAndNotReachTheApi() throws Exception {
    assertThat(Files.readString(CONFIG)).contains("\napiAddress: 127.0.0.1:9997\n");
    start(Map.of("MTX_APIADDRESS", ":" + apiPort));
    assertThat(addPathThatRunsACommand(outside, null)).as("even were it to listen").isEqualTo(401);
    assertThat(paths(outside, null)).isEqualTo(401);
    assertThat(publishes(outside, "live/a", "in")).isTrue();
    assertThat(publishes(outside, "live/a", "out")).isFalse();
    assertThat(publishes(outside, "live/a", "out?user=babelmux&pass=" + PASSWORD)).isFalse();
    try (RawRtmpClient output = RawRtmpClient.publisher(rtmp(LOOPBACK), "live/b", "out")) {
      output.send(TestMedia.headers());
      output.send(TestMedia.media(0, 2050));
      await().until(() -> reads(outside, "live/b", "out"));
    }
  }

  @Test
  void composeGivesAStrangerOnItsNetworkNothingMore() throws Exception {
    start(compose(GATEWAY, WORKER));
    assertThat(addPathThatRunsACommand(outside, null)).isEqualTo(401);
    assertThat(addPathThatRunsACommand(outside, "babelmux:" + PASSWORD)).isEqualTo(401);
    assertThat(publishes(outside, "live/a", "out?user=babelmux&pass=" + PASSWORD)).isFalse();
    assertThat(publishes(outside, "live/a", "in")).isTrue();
  }

  @Test
  void composeLetsTheWorkersUserPublishTheOutputAndUseTheApi() throws Exception {
    start(compose(GATEWAY, outside));
    assertThat(paths(outside, null)).isEqualTo(401);
    assertThat(paths(outside, "babelmux:wrong")).isEqualTo(401);
    assertThat(paths(outside, "babelmux:" + PASSWORD)).isEqualTo(200);
    assertThat(publishes(outside, "live/a", "out")).isFalse();
    assertThat(publishes(outside, "live/a", "out?user=babelmux&pass=" + PASSWORD)).isTrue();
  }

  @Test
  void composeLetsTheHostUseTheApiWithoutCredentials() throws Exception {
    start(compose(outside, WORKER));
    assertThat(paths(outside, null)).isEqualTo(200);
    assertThat(publishes(outside, "live/a", "out")).isFalse();
  }

  @Test
  void composeBindsEveryPortToLoopback() throws IOException {
    List<String> ports =
        Files.readAllLines(COMPOSE).stream()
            .filter(line -> line.matches("      - \"[^\"]*\\d+:\\d+(/udp)?\""))
            .toList();
    assertThat(ports)
        .hasSizeGreaterThan(6)
        .allMatch(line -> line.contains("\"127.0.0.1:") || line.contains(":-127.0.0.1}:"));
  }

  /** MediaMTX's settings of the compose file, with other addresses for the gateway and worker. */
  private Map<String, String> compose(String gateway, String worker) throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (String line : Files.readAllLines(COMPOSE)) {
      Matcher matcher = SETTING.matcher(line);
      if (matcher.matches()) {
        String value = matcher.group(2);
        settings.put(
            matcher.group(1),
            value.startsWith("${MEDIAMTX_PASSWORD:-")
                ? PASSWORD
                : value.replace("\"", "").replace("$$", "$"));
      }
    }
    assertThat(settings).containsEntry("MTX_APIADDRESS", ":9997");
    assertThat(settings.values()).contains(GATEWAY, WORKER);
    settings.replaceAll(
        (name, value) -> value.equals(GATEWAY) ? gateway : value.equals(WORKER) ? worker : value);
    settings.put("MTX_APIADDRESS", ":" + apiPort);
    return settings;
  }

  private void start(Map<String, String> settings) throws IOException {
    Optional<Path> binary =
        System.getProperty("mediamtx", "auto").equals("none")
            ? Optional.empty()
            : MediaMtxProcess.find(System.getenv());
    Assumptions.assumeTrue(binary.isPresent(), "no MediaMTX: deploy/ was not attacked");
    ProcessBuilder builder =
        new ProcessBuilder(binary.orElseThrow().toString(), CONFIG.toAbsolutePath().toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().putAll(settings);
    builder.environment().put("MTX_RTMPADDRESS", ":" + rtmpPort);
    builder.environment().put("BABELMUX_HOOK", "true");
    for (String off : List.of("METRICS", "RTSP", "HLS", "SRT", "MOQ")) {
      builder.environment().put("MTX_" + off, "no");
    }
    Process started = builder.start();
    process = started;
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              assertThat(started.isAlive()).as(log()).isTrue();
              return paths(LOOPBACK, null) == 200;
            });
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private URI rtmp(String host) {
    return URI.create("rtmp://" + host + ":" + rtmpPort);
  }

  private boolean publishes(String host, String app, String name) {
    try {
      RawRtmpClient.publisher(rtmp(host), app, name).close();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private boolean reads(String host, String app, String name) {
    try {
      RawRtmpClient.reader(rtmp(host), app, name).close();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private int paths(String host, @Nullable String credentials) throws Exception {
    return request(host, "GET", "/v3/paths/list", credentials, "");
  }

  /** The way from the API to a command on MediaMTX's host. */
  private int addPathThatRunsACommand(String host, @Nullable String credentials) throws Exception {
    return request(
        host, "POST", "/v3/config/paths/add/attack", credentials, "{\"runOnInit\":\"true\"}");
  }

  /** 0 when there is no connection. */
  private int request(
      String host, String method, String path, @Nullable String credentials, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + apiPort + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (credentials != null) {
      byte[] plain = credentials.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(plain));
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (ConnectException e) {
      return 0;
    }
  }
}
