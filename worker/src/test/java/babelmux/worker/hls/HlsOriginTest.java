package babelmux.worker.hls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.hooks.HlsClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that answers as MediaMTX does, and as a stranger's might. */
@Tag("slow")
@Timeout(30)
class HlsOriginTest {
  private static final String PATH = "live/demo/out";
  private static final Instant STARTED = Instant.parse("2026-11-22T17:00:00Z");
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Instant now = Instant.parse("2026-11-22T18:00:00Z");
  private volatile String session = "7d0f1d5c-9a56-4c1e-8f0e-0a7d3c0b1a2f";
  private volatile boolean silent;
  private HttpServer server;
  private HlsClient client;
  private HlsOrigin origin;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    client = new HlsClient(url, LIMIT, LIMIT);
    InstantSource clock = () -> now;
    origin = new HlsOrigin(client, clock);
    file(
        "index.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmain_stream.m3u8?session=SESSION\n");
    playlist(2, now.minusSeconds(3), "seg7.ts");
    files.put("/" + PATH + "/seg7.ts", ts(97));
  }

  @AfterEach
  void stop() {
    released.countDown();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void file(String name, String text) {
    files.put("/" + PATH + "/" + name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void playlist(int target, Instant date, String segment) {
    file(
        "main_stream.m3u8",
        "#EXTM3U\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PROGRAM-DATE-TIME:%s\n#EXTINF:1,\n%s?session=SESSION\n"
            .formatted(target, date, segment));
  }

  private static byte[] ts(long seconds) {
    long pts = seconds * 90_000;
    ByteBuffer packet = ByteBuffer.allocate(200_000);
    packet.put(new byte[] {0x47, 0x41, 0, 0x10, 0, 0, 1, (byte) 0xe0, 0, 0, (byte) 0x80});
    packet.put((byte) 0x80).put((byte) 5).put((byte) (0x21 | (pts >> 29 & 0x0e)));
    packet.put((byte) (pts >> 22)).put((byte) (pts >> 14 | 1));
    packet.put((byte) (pts >> 7)).put((byte) (pts << 1 | 1));
    return packet.array();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    List<String> forwarded = exchange.getRequestHeaders().get("X-Forwarded-For");
    requests.add(path.substring(path.lastIndexOf('/') + 1) + (forwarded == null ? "" : forwarded));
    if (silent) {
      await();
    }
    byte[] file = files.get(path);
    boolean known =
        path.endsWith("/index.m3u8") || path.endsWith(".flv") || query.equals("session=" + session);
    int status = !known ? 401 : file == null ? 404 : 200;
    byte[] body = status == 200 && file != null ? file : new byte[0];
    if (path.endsWith(".m3u8")) {
      body =
          new String(body, StandardCharsets.UTF_8)
              .replace("SESSION", session)
              .getBytes(StandardCharsets.UTF_8);
    }
    // Of a segment no more than its beginning comes.
    boolean endless = status == 200 && (path.endsWith(".ts") || path.endsWith(".flv"));
    exchange.sendResponseHeaders(
        status, body.length == 0 ? -1 : endless ? 10 * HlsOrigin.MAX_BYTES : body.length);
    try (exchange;
        var out = exchange.getResponseBody()) {
      out.write(body);
      out.flush();
      if (endless) {
        await();
      }
    }
  }

  private void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MediaTimes times() throws Exception {
    return origin.times(PATH, STARTED, () -> OptionalLong.of(100_000_000));
  }

  @Test
  void timesAreReadFromTheBeginningOfASegment() throws Exception {
    MediaTimes times = times();
    assertThat(times.offsetUs()).isZero();
    assertThat(times.targetSeconds()).isEqualTo(2);
    assertThat(times.dateOf(97_000_000)).isEqualTo(now.minusSeconds(3));
    assertThat(requests).containsExactly("index.m3u8", "main_stream.m3u8", "seg7.ts");
  }

  @Test
  void allViewersShareThemForTenSeconds() throws Exception {
    List<Future<MediaTimes>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(threads.submit(this::times));
    }
    for (Future<MediaTimes> each : all) {
      assertThat(each.get()).isEqualTo(times());
    }
    assertThat(requests).hasSize(3);
    now = now.plusSeconds(11);
    times();
    // The session goes on.
    assertThat(requests.subList(3, requests.size())).containsExactly("main_stream.m3u8", "seg7.ts");
  }

  @Test
  void aSessionThatWasClosedIsOpenedAgain() throws Exception {
    times();
    session = "00000000-0000-0000-0000-000000000000";
    now = now.plusSeconds(60);
    playlist(2, now.minusSeconds(3), "seg7.ts");
    requests.clear();
    assertThat(times().dateOf(97_000_000)).isEqualTo(now.minusSeconds(3));
    assertThat(requests)
        .containsExactly("main_stream.m3u8", "index.m3u8", "main_stream.m3u8", "seg7.ts");
  }

  @Test
  void theNextStreamOfAPathHasItsOwnTimes() throws Exception {
    times();
    playlist(4, now, "seg8.ts");
    files.put("/" + PATH + "/seg8.ts", ts(3));
    MediaTimes next = origin.times(PATH, STARTED.plusSeconds(60), () -> OptionalLong.of(3_000_000));
    assertThat(next.targetSeconds()).isEqualTo(4);
    assertThat(next.dateOf(3_000_000)).isEqualTo(now);
  }

  @Test
  void whatIsKnownIsUsedWhileTheServerDoesNotAnswer() throws Exception {
    MediaTimes before = times();
    files.clear();
    now = now.plusSeconds(30);
    assertThat(times()).isEqualTo(before);
  }

  @Test
  void aFailureIsTriedAgainAfterASecondNotBefore() throws Exception {
    byte[] index = files.remove("/" + PATH + "/index.m3u8");
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(this::times)
          .isInstanceOfSatisfying(
              HlsException.class, e -> assertThat(e.kind()).isEqualTo(HlsException.Kind.NOT_FOUND));
    }
    assertThat(requests).hasSize(1);
    files.put("/" + PATH + "/index.m3u8", requireNonNull(index));
    now = now.plusMillis(1001);
    assertThat(times().offsetUs()).isZero();
  }

  @Test
  void eachViewerHasAPlaylistForItsAddress() throws Exception {
    String text = origin.multivariant(PATH, "192.0.2.7").render("http://h", List.of());
    assertThat(text).contains("http://h/main_stream.m3u8?session=" + session);
    origin.multivariant(PATH, null);
    assertThat(requests).containsExactly("index.m3u8[192.0.2.7]", "index.m3u8");
  }

  @Test
  void aServerThatDoesNotAnswerIsTriedThreeTimesAndIsNotReadyYet() {
    silent = true;
    assertThatThrownBy(() -> origin.multivariant(PATH, null))
        .isInstanceOfSatisfying(
            HlsException.class, e -> assertThat(e.kind()).isEqualTo(HlsException.Kind.NOT_YET));
    assertThat(requests).hasSize(3);
  }

  @Test
  void aServerThatIsNotThereIsSaidAtOnce() {
    server.stop(0);
    assertThatThrownBy(() -> origin.multivariant(PATH, null))
        .isInstanceOfSatisfying(
            HlsException.class, e -> assertThat(e.kind()).isEqualTo(HlsException.Kind.UNAVAILABLE))
        .hasMessageContaining("refused");
  }

  @Test
  void aPlaylistWithoutEndIsRefused() {
    files.put("/" + PATH + "/index.m3u8", new byte[HlsOrigin.MAX_BYTES + 1]);
    assertThatThrownBy(() -> origin.multivariant(PATH, null))
        .hasMessageContaining("larger than 1048576 bytes");
  }

  @Test
  void aPlaylistThatLeadsElsewhereIsNotFollowed() {
    file("index.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://169.254.169.254/a.m3u8\n");
    assertThatThrownBy(this::times).isInstanceOf(HlsException.class);
    assertThat(requests).containsExactly("index.m3u8");
  }

  @Test
  void whatABrowserCanPlayIsFound() throws Exception {
    assertThat(origin.playable(PATH)).isEqualTo(Playable.HLS);
    assertThat(origin.playable("live/demo/in")).isEqualTo(Playable.NOTHING);
    files.put("/live/demo/in.flv", new byte[13]);
    assertThat(origin.playable("live/demo/in")).isEqualTo(Playable.FLV);
    assertThat(requests)
        .containsExactly("index.m3u8", "index.m3u8", "in.flv", "index.m3u8", "in.flv");
  }

  @Test
  void aServerThatDoesNotAnswerIsNoReasonToSayThatNothingIsThere() throws Exception {
    silent = true;
    assertThat(origin.playable(PATH)).isEqualTo(Playable.NOT_YET);
    server.stop(0);
    assertThat(origin.playable(PATH)).isEqualTo(Playable.UNKNOWN);
  }
}
