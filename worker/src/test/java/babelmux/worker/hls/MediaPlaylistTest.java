package babelmux.worker.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaPlaylistTest {
  private static MediaPlaylist parse(String text) throws HlsException {
    return MediaPlaylist.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theLastWholeSegmentWithADateOfLowLatencyIsFound() throws HlsException {
    MediaPlaylist playlist =
        parse(
            """
            #EXTM3U
            #EXT-X-VERSION:10
            #EXT-X-TARGETDURATION:1
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.50000,CAN-SKIP-UNTIL=6.00000
            #EXT-X-PART-INF:PART-TARGET=0.2
            #EXT-X-MEDIA-SEQUENCE:3
            #EXT-X-MAP:URI="p_video1_init.mp4?session=7d0f1d5c-9a56-4c1e-8f0e-0a7d3c0b1a2f"
            #EXT-X-GAP
            #EXTINF:1.00000,
            gap.mp4
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:01.5Z
            #EXTINF:1.00000,
            p_video1_seg7.mp4
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02.5Z
            #EXT-X-PART:DURATION=0.20000,URI="p_part40.mp4",INDEPENDENT=YES
            #EXTINF:1.00000,
            p_video1_seg8.mp4?session=7d0f1d5c-9a56-4c1e-8f0e-0a7d3c0b1a2f
            #EXT-X-PART:DURATION=0.20000,URI="p_part45.mp4",INDEPENDENT=YES
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="p_part46.mp4"
            """);
    assertThat(playlist.targetSeconds()).isEqualTo(1);
    assertThat(playlist.date()).isEqualTo(Instant.parse("2026-11-22T18:00:02.500Z"));
    assertThat(playlist.segment().uri())
        .isEqualTo("p_video1_seg8.mp4?session=7d0f1d5c-9a56-4c1e-8f0e-0a7d3c0b1a2f");
    assertThat(playlist.map()).extracting(HlsFile::name).isEqualTo("p_video1_init.mp4");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T18:00:02.500Z",
    "2026-11-22T19:00:02.5+01:00",
    "2026-11-22T19:00:02.5+0100",
  })
  void datesHaveSeveralForms(String date) throws HlsException {
    assertThat(
            parse(
                    "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PROGRAM-DATE-TIME:"
                        + date
                        + "\n#EXTINF:2,\na.ts\n")
                .date())
        .isEqualTo(Instant.parse("2026-11-22T18:00:02.500Z"));
  }

  @Test
  void aFirstSegmentOfLessThanHalfASecondIsASecond() throws HlsException {
    String text =
        "#EXTM3U\n#EXT-X-TARGETDURATION:0\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\na.ts\n";
    assertThat(parse(text).targetSeconds()).isEqualTo(1);
  }

  @Test
  void withoutADateItIsTooEarly() {
    assertThatThrownBy(() -> parse("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n"))
        .isInstanceOfSatisfying(
            HlsException.class, e -> assertThat(e.kind()).isEqualTo(HlsException.Kind.NOT_YET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\na.ts",
        "#EXTM3U\n#EXT-X-TARGETDURATION:61\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\na.ts",
        "#EXTM3U\n#EXT-X-TARGETDURATION:-1\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\na.ts",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-PROGRAM-DATE-TIME:yesterday\na.ts",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-PROGRAM-DATE-TIME:+999999999-11-22T18:00:02\na.ts",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\nhttp://169.254.169.254/a",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"../../etc/passwd\"\n#EXT-X-PROGRAM-DATE-TIME:2026-11-22T18:00:02Z\na.mp4",
      })
  void whatMediaMtxWouldNotWriteIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(HlsException.class);
  }
}
