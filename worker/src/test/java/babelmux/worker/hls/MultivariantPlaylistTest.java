package babelmux.worker.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.worker.hls.MultivariantPlaylist.Subtitles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultivariantPlaylistTest {
  private static final String SESSION = "7d0f1d5c-9a56-4c1e-8f0e-0a7d3c0b1a2f";

  /** As MediaMTX 1.20.1 writes it. */
  private static final String REAL =
      """
      #EXTM3U
      #EXT-X-VERSION:10
      #EXT-X-INDEPENDENT-SEGMENTS

      #EXT-X-MEDIA:TYPE="AUDIO",GROUP-ID="audio",NAME="audio2",AUTOSELECT=YES,DEFAULT=YES,URI="audio2_stream.m3u8?session=S"

      #EXT-X-STREAM-INF:BANDWIDTH=1094744,AVERAGE-BANDWIDTH=1015376,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio"
      video1_stream.m3u8?session=S
      """
          .replace("session=S", "session=" + SESSION);

  private static MultivariantPlaylist parse(String text) throws HlsException {
    return MultivariantPlaylist.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRealOneIsMadeAnewWithSubtitles() throws HlsException {
    String made =
        parse(REAL.replace("TYPE=\"AUDIO\"", "TYPE=AUDIO"))
            .render(
                "http://h:8888/live/demo/out",
                List.of(
                    new Subtitles("es", "español", "captions/es.m3u8", false),
                    new Subtitles("en", "English (original)", "captions/en.m3u8", false)));
    assertThat(made)
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:10
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio2",DEFAULT=YES,AUTOSELECT=YES,URI="http://h:8888/live/demo/out/audio2_stream.m3u8?session=S"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="español",LANGUAGE="es",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/es.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English (original)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/en.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=1094744,AVERAGE-BANDWIDTH=1015376,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio",SUBTITLES="subtitles"
            http://h:8888/live/demo/out/video1_stream.m3u8?session=S
            """
                .replace("session=S", "session=" + SESSION));
  }

  @Test
  void withoutSubtitlesNoGroupIsNamed() throws HlsException {
    String made = parse(REAL.replace("TYPE=\"AUDIO\"", "TYPE=AUDIO")).render("http://h", List.of());
    assertThat(made).doesNotContain("SUBTITLES").contains("http://h/video1_stream.m3u8");
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws HlsException {
    String made =
        parse(
                "#EXTM3U\n#EXT-X-SESSION-DATA:DATA-ID=\"x\",URI=\"http://evil/\"\n"
                    + "#EXT-X-SESSION-KEY:METHOD=AES-128,URI=\"http://evil/\"\n"
                    + "#EXT-X-CONTENT-STEERING:SERVER-URI=\"http://evil/\"\n"
                    + "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n"
                    + "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"http://evil/\"\n"
                    + "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"evil\",URI=\"evil.m3u8\"\n"
                    + "#EXT-X-STREAM-INF:BANDWIDTH=1,X-EVIL=\"evil\",SUBTITLES=\"evil\"\n"
                    + "a.m3u8?evil=1&session="
                    + SESSION
                    + "&jwt=evil\n")
            .render("http://h", List.of());
    assertThat(made)
        .isEqualTo(
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
                + "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://h/a.m3u8?session="
                + SESSION
                + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#EXTM3U",
        "<html>",
        "#EXTM3U\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://evil/a.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n//evil/a.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/a.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../a.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n..",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\\b.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\njavascript:alert(1)",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na b.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na%2fb.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=-1\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1e9\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"avc1\"\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"<script>\"\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=avc1\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=\"1x1\"\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,BANDWIDTH=2\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a,b\"\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,X=\"open\na.m3u8",
        "#EXTM3U\n#EXT-X-STREAM-INF:,,,\na.m3u8",
        "#EXTM3U\n#EXT-X-VERSION:99999999999\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8",
        "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"b\",URI=\"http://evil/\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8",
        "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,NAME=\"b\",URI=\"a.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8",
      })
  void whatMediaMtxWouldNotWriteIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(HlsException.class);
  }

  @Test
  void floodsAreRefused() {
    String variant = "#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n";
    assertThatThrownBy(() -> parse("#EXTM3U\n" + variant.repeat(21)))
        .hasMessageContaining("21 variants");
    assertThatThrownBy(() -> parse("#EXTM3U\n" + "#\n".repeat(20_000) + variant))
        .hasMessageContaining("lines");
    String attributes = "A=1";
    for (int i = 0; i < 60; i++) {
      attributes += ",A" + i + "=1";
    }
    String many = "#EXTM3U\n#EXT-X-STREAM-INF:" + attributes + "\na.m3u8\n";
    assertThatThrownBy(() -> parse(many)).isInstanceOf(HlsException.class);
  }

  @Test
  void aMessageShowsLittleOfWhatAStrangerWrote() {
    String uri = "http://evil/" + "x".repeat(400) + "\u0007";
    assertThatThrownBy(() -> parse("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + uri))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(200));
  }
}
