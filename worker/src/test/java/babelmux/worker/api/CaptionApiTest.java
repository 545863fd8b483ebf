package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.captions.CaptionBook;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.PageConfig;
import babelmux.worker.hls.HlsException;
import babelmux.worker.hls.HlsSource;
import babelmux.worker.hls.MediaTimes;
import babelmux.worker.hls.MultivariantPlaylist;
import babelmux.worker.hls.Playable;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.streams.StreamCaptions;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class CaptionApiTest {
  private static final String M3U8 = "application/vnd.apple.mpegurl";
  private static final String VTT = "text/vtt";

  private final Vertx vertx = Vertx.vertx();
  private final CaptionBook book = new CaptionBook(3_000_000);
  private final List<String> viewers = new CopyOnWriteArrayList<>();
  private @Nullable String outputPath = "live/demo/out";
  private String sourceUrl = "rtmp://h:1935/live/demo/in?user=x";
  private HlsException.@Nullable Kind failure;
  private @Nullable ApiServer server;

  private final HlsSource hls =
      new HlsSource() {
        @Override
        public MultivariantPlaylist multivariant(String path, @Nullable String viewer)
            throws HlsException {
          fail();
          viewers.add(path + " " + viewer);
          return MultivariantPlaylist.parse(
              "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public MediaTimes times(String path, Instant startedAt, Supplier<OptionalLong> outputUs)
            throws HlsException {
          fail();
          return new MediaTimes(10_000_000, 0, Instant.EPOCH, 1);
        }

        @Override
        public Playable playable(String path) {
          return path.equals("live/demo/in") ? Playable.HLS : Playable.NOTHING;
        }

        private void fail() throws HlsException {
          HlsException.Kind kind = failure;
          if (kind != null) {
            throw new HlsException(kind, "planted");
          }
        }
      };

  private boolean over;

  private final NoStreams streams =
      new NoStreams() {
        @Override
        public Optional<StreamStatus> get(String id) {
          return id.equals("demo") ? Optional.of(status()) : Optional.empty();
        }

        @Override
        public Optional<StreamCaptions> captions(String id) {
          return id.equals("demo") && !over
              ? Optional.of(
                  new StreamCaptions(
                      Instant.ofEpochSecond(1000),
                      "en",
                      "pt-BR",
                      outputPath,
                      book,
                      3_000_000,
                      () -> OptionalLong.of(9_000_000)))
              : Optional.empty();
        }
      };

  private StreamStatus status() {
    return new StreamStatus(
        "demo",
        StreamState.LIVE,
        StreamStatus.Flags.NONE,
        null,
        new StreamStatus.Source(sourceUrl, "rtmpConn", "1"),
        "rtmp://h:1935/live/demo/out",
        Instant.EPOCH,
        14_500,
        null,
        StreamStatus.Segments.NONE,
        new StreamStatus.Sts("ready", "closed", 0, null, null, null, 0),
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(),
        null,
        StreamStatus.Bypass.OFF,
        List.of());
  }

  @BeforeEach
  void speak() {
    book.segment(0, "f", 0, 6_000_000);
    book.dubbed(0);
    book.words(
        0,
        new SlotWords(
            "Tom & <Jerry>",
            "Não --> fim",
            () -> List.of(new SpeechSpan(500_000, 1_500_000)),
            () -> List.of(new SpeechSpan(500_000, 1_500_000))));
  }

  private ApiServer start(PageConfig page) throws Exception {
    ApiServer started =
        ApiServer.start(
            vertx,
            new HttpConfig("127.0.0.1", 0),
            AccessConfig.LOOPBACK,
            new ApiParts(
                "0",
                streams,
                format -> "",
                () -> Readiness.READY,
                router -> {},
                time -> {},
                reason -> {},
                reason -> {},
                () -> Support.NONE,
                Checkup.NONE,
                page,
                EventParts.none(),
                router -> {},
                hls));
    server = started;
    return started;
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private record Answered(int status, String type, String body) {}

  private Answered get(String path) throws Exception {
    return get(path, "127.0.0.1");
  }

  private Answered get(String path, String host) throws Exception {
    ApiServer asked = server == null ? start(PageConfig.DEFAULTS) : server;
    String text;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), asked.port())) {
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    String[] parts = text.split("\r\n\r\n", 2);
    String type =
        parts[0]
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:"))
            .findFirst()
            .orElse(":")
            .split(":")[1]
            .split(";")[0]
            .strip();
    return new Answered(Integer.parseInt(text.split(" ")[1]), type, parts[1]);
  }

  @Test
  void whatABrowserCanPlayIsSaidOfBothWithoutBeingRefused() throws Exception {
    Answered answer = get("/v1/streams/demo/players");
    assertThat(answer)
        .isEqualTo(
            new Answered(200, "application/json", "{\"source\":\"hls\",\"output\":\"nothing\"}"));
    sourceUrl = "rtmp://elsewhere/live/demo/in";
    assertThat(get("/v1/streams/demo/players").body()).contains("\"source\":\"unknown\"");
    outputPath = null;
    assertThat(get("/v1/streams/demo/players").body())
        .isEqualTo("{\"source\":\"unknown\",\"output\":\"unknown\"}");
    assertThat(get("/v1/streams/other/players").status()).isEqualTo(404);
  }

  /** A page that has not heard yet that a stream is over asks once more, and notes each refusal. */
  @Test
  void ofAStreamThatIsOverNothingCanBePlayed() throws Exception {
    over = true;
    assertThat(get("/v1/streams/demo/players"))
        .isEqualTo(
            new Answered(
                200, "application/json", "{\"source\":\"nothing\",\"output\":\"nothing\"}"));
    assertThat(get("/v1/streams/demo/hls.m3u8").status()).isEqualTo(409);
  }

  @Test
  void bothLanguagesAreWebVttInOutputTime() throws Exception {
    assertThat(get("/v1/streams/demo/captions/en.vtt"))
        .isEqualTo(
            new Answered(
                200, VTT, "WEBVTT\n\n00:00:03.500 --> 00:00:05.500\nTom &amp; &lt;Jerry&gt;\n\n"));
    assertThat(get("/v1/streams/demo/captions/PT-br.vtt").body())
        .isEqualTo("WEBVTT\n\n00:00:03.500 --> 00:00:05.500\nNão --&gt; fim\n\n");
  }

  @Test
  void thePlaylistLeadsToSegmentsThatHaveTheCue() throws Exception {
    Answered playlist = get("/v1/streams/demo/captions/en.m3u8");
    assertThat(playlist.type()).isEqualTo(M3U8);
    List<String> segments = playlist.body().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(segments).first().isEqualTo("en/1003.vtt");
    URI base = URI.create("/v1/streams/demo/captions/en.m3u8");
    Answered segment = get(base.resolve(segments.get(0)).toString());
    assertThat(segment)
        .isEqualTo(
            new Answered(
                200,
                VTT,
                """
                WEBVTT
                X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000

                00:00:03.500 --> 00:00:05.500
                Tom &amp; &lt;Jerry&gt;

                """));
    assertThat(get(base.resolve(segments.get(2)).toString()).body()).contains("Jerry");
    assertThat(get(base.resolve(segments.get(3)).toString()).body()).doesNotContain("Jerry");
  }

  @Test
  void thePlaylistForPlayersNamesMediaMtxOfTheHostThatWasAsked() throws Exception {
    String body = get("/v1/streams/demo/hls.m3u8", "127.0.0.1:8080").body();
    assertThat(body)
        .contains(
            "LANGUAGE=\"pt-BR\",", "NAME=\"português (Brasil)\"", "URI=\"captions/pt-BR.m3u8\"")
        .contains("LANGUAGE=\"en\",", "NAME=\"English (original)\"", "URI=\"captions/en.m3u8\"")
        .contains("\nhttp://127.0.0.1:8888/live/demo/out/a.m3u8\n");
    // The viewer has the worker's own address.
    assertThat(viewers).containsExactly("live/demo/out null");
  }

  @Test
  void localhostIsTheAddressThatMediaMtxWillSee() throws Exception {
    assertThat(get("/v1/streams/demo/hls.m3u8", "localhost:8080").body())
        .contains("\nhttp://127.0.0.1:8888/live/demo/out/a.m3u8\n");
  }

  @Test
  void pageHlsUrlComesFirst() throws Exception {
    start(new PageConfig(URI.create("https://tv.example/hls"), true));
    assertThat(get("/v1/streams/demo/hls.m3u8").body())
        .contains("\nhttps://tv.example/hls/live/demo/out/a.m3u8\n");
  }

  @Test
  void withTranscriptsOffPlayersGetNoSubtitles() throws Exception {
    start(new PageConfig(null, false));
    for (String path : List.of("en.vtt", "en.m3u8", "en/1003.vtt")) {
      Answered answer = get("/v1/streams/demo/captions/" + path);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("transcripts_off");
    }
    assertThat(get("/v1/streams/demo/hls.m3u8").body()).doesNotContain("SUBTITLES");
  }

  @ParameterizedTest
  @CsvSource({
    "demo/captions/fr.vtt,captions_not_found",
    "demo/captions/fr.m3u8,captions_not_found",
    "demo/captions/en/1.vtt,captions_not_found",
    "demo/captions/en/999999999999999.vtt,captions_not_found",
    "demo/captions/en/-1003.vtt,captions_not_found",
    "demo/captions/en/x.vtt,captions_not_found",
    "nobody/captions/en.vtt,stream_not_found",
    "nobody/hls.m3u8,stream_not_found",
  })
  void whatIsNotThereIs404(String path, String code) throws Exception {
    Answered answer = get("/v1/streams/" + path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).contains("\"" + code + "\"");
  }

  @ParameterizedTest
  @CsvSource({"NOT_FOUND,404", "NOT_YET,503", "UNAVAILABLE,502"})
  void whatMediaMtxLacksIsSaid(HlsException.Kind kind, int status) throws Exception {
    failure = kind;
    assertThat(get("/v1/streams/demo/hls.m3u8").status()).isEqualTo(status);
    assertThat(get("/v1/streams/demo/captions/en.m3u8").status()).isEqualTo(status);
    assertThat(get("/v1/streams/demo/captions/en/1003.vtt").status()).isEqualTo(status);
    assertThat(get("/v1/streams/demo/captions/en.vtt").status()).isEqualTo(200);
  }

  @Test
  void anOutputElsewhereHasNoHls() throws Exception {
    outputPath = null;
    assertThat(get("/v1/streams/demo/hls.m3u8").body()).contains("hls_not_found");
    assertThat(get("/v1/streams/demo/captions/en.vtt").status()).isEqualTo(200);
  }

  @Test
  void aStrangersHostIsRefused() throws Exception {
    assertThat(get("/v1/streams/demo/hls.m3u8", "evil.example").status()).isEqualTo(403);
    assertThat(get("/v1/streams/demo/captions/en.vtt", "evil.example").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "dub.example:8080|dub.example",
        "127.0.0.1|127.0.0.1",
        "[2001:db8::1]:8080|[2001:db8::1]",
        "evil\"host|NONE",
        "evil/path|NONE",
        "a@b|NONE",
        "a,b|NONE",
        "|NONE",
      },
      delimiter = '|',
      nullValues = "NONE")
  void aHostIsANameOrAnAddress(@Nullable String header, @Nullable String host) {
    assertThat(Sender.host(header)).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.7",
    "2001:db8:0:0:0:0:0:1,2001:db8::1",
    "0:0:0:0:0:ffff:c000:207,192.0.2.7",
    "127.0.0.1,",
    "0:0:0:0:0:0:0:1,",
  })
  void anAddressIsWrittenAsGoWritesIt(String address, @Nullable String shown) throws Exception {
    assertThat(new Sender(InetAddress.getByName(address), null, false).elsewhere())
        .isEqualTo(shown);
  }
}
