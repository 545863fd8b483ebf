package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.worker.config.ConfigLoader;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are not as servers should be: whole runs of doctor. */
@Tag("slow")
@Timeout(60)
class HostileServersTest {
  private static final String LISTED =
      "{\"name\": \"live/out\", \"ready\": true, \"source\": {\"type\": \"rtmpConn\", \"id\": \"1\"}}";

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();

  HostileServersTest() {
    settings.put("http.port", "0");
    settings.put("mediamtx.rtmp-url", "rtmp://127.0.0.1:1");
    settings.put("mediamtx.api-url", "http://127.0.0.1:1");
    settings.put("sts.skip", "true");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  /** A port that takes connections and never says a word. */
  private String silent() throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    parts.add(server);
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** A port that takes no connection, and refuses none. */
  private String full() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    parts.add(server);
    for (int n = 0; n < 8; n++) {
      Socket waiting = new Socket();
      parts.add(waiting);
      try {
        waiting.connect(server.getLocalSocketAddress(), 100);
      } catch (IOException e) {
        break;
      }
    }
    return "127.0.0.1:" + server.getLocalPort();
  }

  private String web(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          // Some show all that they were asked.
          String said =
              exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + body;
          byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    parts.add(() -> server.stop(0));
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private Report look() throws InterruptedException {
    Setup setup = Setup.of("test", ConfigLoader.load(settings, Map.of(), null), Map.of());
    try (LonePort port = new LonePort(setup.config())) {
      return Doctor.look(setup, port.host(), true);
    }
  }

  private static List<Code> blamed(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.level().compareTo(Level.WARN) >= 0)
        .map(Finding::code)
        .toList();
  }

  /**
   * A Control API that does not tell how MediaMTX is configured.
   *
   * @param slow whether an answer waits for 1.8 s
   * @param listings answers to a request for the paths; none comes to further ones
   */
  private String api(boolean slow, int listings) throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicInteger left = new AtomicInteger(listings);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          boolean hangs = path.equals("/v3/paths/list") && left.getAndDecrement() <= 0;
          try {
            if (over.await(hangs ? 60_000 : slow ? 1_800 : 0, TimeUnit.MILLISECONDS)) {
              return;
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          byte[] body =
              "{\"items\": [%s], \"pageCount\": %d}"
                  .formatted(LISTED, slow ? 3 : 1)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(path.contains("/config/") ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    parts.add(
        () -> {
          over.countDown();
          server.stop(0);
          threads.shutdownNow();
        });
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void serversThatTakeTooLongAreEachNamedWithinTenSeconds() throws Exception {
    settings.put("mediamtx.rtmp-url", "rtmp://" + silent());
    settings.put("mediamtx.api-url", api(true, 100));
    Report report = look();
    assertThat(blamed(report))
        .as(report.json())
        .containsExactly(Code.API_UNREACHABLE, Code.PUBLISH_FAILED);
    assertThat(report.tookMs()).as("one after the other").isLessThan(20_000);
  }

  @Test
  void aLostHookIsNamedWithinTenSecondsThoughTheApiBeginsToHang() throws Exception {
    EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
    parts.add(origin);
    settings.put("mediamtx.rtmp-url", origin.rtmpUrl().toString());
    settings.put("mediamtx.api-url", api(false, 1));
    Report report = look();
    assertThat(blamed(report)).as(report.json()).containsExactly(Code.HOOK_LOST);
    assertThat(report.tookMs()).isLessThan(10_500);
  }

  @Test
  void destinationsThatDoNotAnswerTakeNoTimeFromEachOther() throws Exception {
    StringBuilder destinations = new StringBuilder();
    String full = full();
    for (int n = 0; n < 5; n++) {
      destinations.append("d").append(n).append("=rtmp://").append(full).append("/app/{id} ");
    }
    settings.put("output.destinations", destinations.toString().strip());
    Report report = look();
    assertThat(blamed(report))
        .as(report.json())
        .filteredOn(code -> code == Code.DESTINATION_UNREACHABLE)
        .hasSize(5);
    assertThat(report.tookMs()).isLessThan(10_000);
  }

  @Test
  void anOutputWhoseIdStandsInTheQueryAloneEndsNoRun() throws Exception {
    settings.put("mediamtx.rtmp-url", "rtmp://" + silent());
    settings.put("mediamtx.api-url", api(false, 100));
    settings.put("output.url-template", "{rtmp-url}/live/out?name={id}");
    assertThat(blamed(look())).doesNotContain(Code.OTHER_WORKER);
  }

  @Test
  void whatServersRepeatShowsNoSecret() throws Exception {
    String[] secrets = new String[9];
    for (int n = 0; n < secrets.length; n++) {
      secrets[n] = "s3cr3tOfNumber" + n;
    }
    settings.put("mediamtx.rtmp-url", "rtmp://%s?user=u&pass=%s".formatted(silent(), secrets[0]));
    settings.put(
        "mediamtx.api-url",
        "http://u:%s@%s".formatted(secrets[1], web(500, "fail BMX-101\nfail " + secrets[1])));
    settings.put("doctor.publish-as", "publisher:" + secrets[2]);
    settings.put("input.url-template", "rtsp://127.0.0.1:1/{path}?jwt=" + secrets[3]);
    settings.put("output.url-template", "rtmp://127.0.0.1:1/live/{id}?jwt=" + secrets[4]);
    settings.put(
        "output.destinations",
        "a=rtmp://127.0.0.1:1/app/%s b=srt://127.0.0.1:1?streamid=publish:x:u:%s&passphrase=%s"
            .formatted(secrets[5], secrets[6], secrets[7]));
    settings.remove("sts.skip");
    settings.put("sts.url", "http://" + web(403, secrets[8]));
    settings.put("sts.token", secrets[8]);
    Report report = look();
    assertThat(blamed(report))
        .as(report.json())
        .contains(Code.API_FOREIGN, Code.PUBLISH_FAILED, Code.INPUT_UNREACHABLE)
        .contains(Code.DESTINATION_UNREACHABLE, Code.STS_TURNED_AWAY);
    String basic = "u:" + secrets[1];
    assertThat(report.json())
        .doesNotContain(secrets)
        .doesNotContain(Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
    assertThat(report.findings()).allMatch(finding -> finding.line().lines().count() == 1);
  }
}
