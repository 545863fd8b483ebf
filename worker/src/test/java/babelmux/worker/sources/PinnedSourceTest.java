package babelmux.worker.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceAddress;
import babelmux.media.SourceOptions;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.worker.config.AllowedHosts;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostLookup;
import babelmux.worker.hosts.HostNotAllowed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is connected is what was checked, on real sockets. */
@Timeout(60)
class PinnedSourceTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");
  private static final SourceOptions LIMITS =
      new SourceOptions(Duration.ofSeconds(20), Duration.ofSeconds(20));

  private final AtomicInteger lookups = new AtomicInteger();

  private static AllowedHosts allow(String text) {
    return ConfigLoader.load(Map.of("sources.allow", text), Map.of(), null)
        .config()
        .sources()
        .allow();
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  /** A name that resolves to these addresses, one after the other. */
  private PinnedSource rebinding(String url, AllowedHosts allowed, String... addresses)
      throws InvalidSource {
    HostLookup lookup =
        host -> {
          int asked = lookups.getAndIncrement();
          return List.of(address(addresses[Math.min(asked, addresses.length - 1)]));
        };
    return new PinnedSource(SourceUrl.parse(url), new HostGuard("sources.allow", allowed, lookup));
  }

  @Test
  void aNameThatIsAnotherAddressAMomentLaterLeadsToTheOneThatWasChecked() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        MediaTask publisher = StreamPublisher.publish(FILM, origin.rtmpUrl() + "/live/a/in", 3)) {
      String url = "rtmp://cam.example:" + origin.rtmpUrl().getPort() + "/live/a/in";
      PinnedSource source = rebinding(url, allow("127.0.0.1"), "127.0.0.1", "203.0.113.9");
      SourceAddress checked = source.locate();
      assertThat(lookups).hasValue(1);
      try (Source opened = openWhenThere(checked)) {
        for (int packets = 0; packets < 20; packets++) {
          try (Packet packet = opened.read()) {
            assertThat(packet).isNotNull();
          }
        }
      }
      assertThat(lookups).hasValue(1);
      assertThat(publisher.said()).isEmpty();
      // The next opening checks again.
      assertThatThrownBy(source::locate)
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("host cam.example is not in sources.allow")
          .hasMessageContaining("203.0.113.9");
    }
  }

  /** The publisher may be there a moment later than the reader. */
  private static Source openWhenThere(SourceAddress address) throws Exception {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return new Source.Opening(LIMITS).open(address);
      } catch (MediaException e) {
        if (System.nanoTime() - untilNanos > 0) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  @Test
  void anRtmpServerIsToldTheNameThatItWasAskedFor() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> connect =
          CompletableFuture.supplyAsync(() -> rtmpConnectOf(server));
      String url = "rtmp://cam.example:" + server.getLocalPort() + "/live/a/in";
      SourceAddress checked = rebinding(url, allow("127.0.0.0/8"), "127.0.0.1").locate();
      assertThatThrownBy(() -> new Source.Opening(LIMITS).open(checked).close())
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("cam.example");
      assertThat(connect.get()).contains("rtmp://cam.example:" + server.getLocalPort() + "/live/a");
    }
  }

  /** Shakes hands, reads the first command and hangs up. */
  private static String rtmpConnectOf(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.setSoTimeout(20_000);
      InputStream in = client.getInputStream();
      in.readNBytes(1 + 1536);
      byte[] answer = new byte[1 + 2 * 1536];
      answer[0] = 3;
      client.getOutputStream().write(answer);
      in.readNBytes(1536);
      // The command is longer than that; every 128 bytes there is one that continues it.
      return new String(in.readNBytes(200), StandardCharsets.ISO_8859_1).replace("\u00c3", "");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServerCannotSendTheReaderOnToAnotherAddress() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      target.setSoTimeout(300);
      String url = "rtsp://127.0.0.1:" + server.getLocalPort() + "/a";
      CompletableFuture<Void> redirected = redirectOnce(server, target);
      SourceAddress pinned = rebinding(url, allow("127.0.0.1"), "127.0.0.1").locate();
      assertThatThrownBy(() -> new Source.Opening(LIMITS).open(pinned).close())
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("sends its readers to another address");
      assertThatThrownBy(() -> target.accept().close()).isInstanceOf(SocketTimeoutException.class);

      // Without the pin FFmpeg goes there: this is what the pin is for.
      redirected.get();
      redirected = redirectOnce(server, target);
      target.setSoTimeout(20_000);
      CompletableFuture<Void> followed =
          CompletableFuture.runAsync(
              () -> {
                try {
                  target.accept().close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> new Source.Opening(LIMITS).open(url).close())
          .isInstanceOf(MediaException.class);
      followed.get();
      redirected.get();
    }
  }

  /** Answers the next client's first request with a redirect. */
  private static CompletableFuture<Void> redirectOnce(ServerSocket server, ServerSocket target) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = server.accept()) {
            client.setSoTimeout(20_000);
            BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
              line = in.readLine();
            }
            String answer =
                "RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:%d/b\r\n\r\n"
                    .formatted(target.getLocalPort());
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            in.readLine();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void ofSeveralAddressesEachTryTakesTheNextOneThatIsAllowed() throws Exception {
    HostLookup lookup =
        host -> List.of(address("10.0.0.1"), address("127.0.0.1"), address("10.0.0.2"));
    PinnedSource source =
        new PinnedSource(
            SourceUrl.parse("rtsp://cam.example/a"),
            new HostGuard("sources.allow", allow("cam.example"), lookup));
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.1:554/a");
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.2:554/a");
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.1:554/a");
  }

  @Test
  void theAddressThatWasReadIsTriedFirstWhenItsConnectionEnds() throws Exception {
    HostLookup lookup = host -> List.of(address("10.0.0.1"), address("10.0.0.2"));
    PinnedSource source =
        new PinnedSource(
            SourceUrl.parse("rtsp://cam.example/a"),
            new HostGuard("sources.allow", allow("cam.example"), lookup));
    source.locate();
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.2:554/a");
    source.opened();
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.2:554/a");
    assertThat(source.locate().url()).isEqualTo("rtsp://10.0.0.1:554/a");
  }

  @Test
  void aHostThatIsNotFoundIsAFailureOfTheSourceThatNamesIt() throws Exception {
    HostLookup lookup =
        host -> {
          throw new UnknownHostException("no address is known");
        };
    HostGuard guard = new HostGuard("sources.allow", allow("cam.example"), lookup);
    assertThatThrownBy(
            () -> new PinnedSource(SourceUrl.parse("rtsp://u:p@cam.example/a"), guard).locate())
        .isInstanceOf(MediaException.class)
        .hasMessage("cannot open rtsp://***@cam.example/a: host cam.example: no address is known");
    // It is listed by name: its addresses are looked up when it is opened.
    guard.admit("cam.example");
    assertThatThrownBy(() -> guard.admit("other.example"))
        .isInstanceOf(HostNotAllowed.class)
        .hasMessageContaining("other.example is not in sources.allow");
  }

  @Test
  void aNameServerThatDoesNotAnswerHasALimit() {
    long sinceNanos = System.nanoTime();
    HostLookup slow = HostLookup.system(Duration.ofMillis(1));
    // Either answer is one: what counts is that there is one soon.
    assertThatThrownBy(() -> slow.addresses("does-not-exist.invalid"))
        .isInstanceOf(UnknownHostException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void withoutTheSettingNothingIsOpened() throws Exception {
    HostGuard guard = HostGuard.ofSources(AllowedHosts.NONE);
    assertThatThrownBy(() -> guard.admit("127.0.0.1"))
        .isInstanceOf(HostNotAllowed.class)
        .hasMessageContaining("sources.allow is not set");
  }
}
