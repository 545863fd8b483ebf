package babelmux.worker.hls;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.captions.Cue;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubtitleSegmentsTest {
  private static final long S = 1_000_000;
  private static final Instant STARTED = Instant.ofEpochSecond(1_000_000);
  private static final Instant ANCHOR = Instant.parse("2026-11-22T18:00:00.250Z");

  private static SubtitleSegments segments(int target) {
    return new SubtitleSegments(new MediaTimes(10 * S, 100 * S, ANCHOR, target), STARTED, 3 * S);
  }

  @Test
  void thePlaylistHasADateForEachSegment() {
    // 8 s are on air, up to 9 s the words are known.
    assertThat(segments(2).playlist("es", 8 * S, 9 * S))
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:2
            #EXT-X-MEDIA-SEQUENCE:1000001
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T17:58:22.250Z
            #EXTINF:2.000,
            es/1000001.vtt
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T17:58:24.250Z
            #EXTINF:2.000,
            es/1000002.vtt
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T17:58:26.250Z
            #EXTINF:2.000,
            es/1000003.vtt
            """);
  }

  private static List<String> named(SubtitleSegments segments, long outputUs, long knownUs) {
    return segments
        .playlist("es", outputUs, knownUs)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @Test
  void whatIsKnownIsNamedFourSecondsAhead() {
    SubtitleSegments segments = segments(1);
    List<String> far = named(segments, 20 * S, 60 * S);
    assertThat(far.get(far.size() - 1)).isEqualTo("es/1000023.vtt");
    List<String> near = named(segments, 20 * S, 22 * S + 1);
    assertThat(near.get(near.size() - 1)).isEqualTo("es/1000021.vtt");
    // What is on air is named all the same.
    List<String> late = named(segments, 20 * S, 12 * S);
    assertThat(late.get(late.size() - 1)).isEqualTo("es/1000019.vtt");
  }

  @Test
  void aMinuteIsNamedAndAnotherOneIsKept() {
    SubtitleSegments segments = segments(1);
    List<String> named = named(segments, 500 * S, 500 * S);
    assertThat(named).hasSize(60);
    assertThat(named.get(0)).isEqualTo("es/1000440.vtt");
    assertThat(segments.has(1_000_380, 500 * S, 500 * S)).isTrue();
    assertThat(segments.has(1_000_379, 500 * S, 500 * S)).isFalse();
    assertThat(segments.has(1_000_499, 500 * S, 500 * S)).isTrue();
    assertThat(segments.has(1_000_500, 500 * S, 500 * S)).isFalse();
    assertThat(segments.has(-1, 500 * S, 500 * S)).isFalse();
    assertThat(segments.has(Long.MAX_VALUE, 500 * S, 500 * S)).isFalse();
  }

  @Test
  void longSegmentsAreAtLeastThree() {
    assertThat(named(segments(60), 500 * S, 500 * S)).hasSize(3);
  }

  @Test
  void aStreamThatBeginsNamesItsFirstSegment() {
    assertThat(named(segments(6), 0, 0)).hasSize(1);
  }

  @Test
  void theNextSessionHasLargerNumbers() {
    SubtitleSegments next =
        new SubtitleSegments(
            new MediaTimes(10 * S, 100 * S, ANCHOR, 1), STARTED.plusSeconds(300), 3 * S);
    String last = named(segments(1), 290 * S, 290 * S).get(59);
    assertThat(named(next, 3 * S, 3 * S).get(0)).isGreaterThan(last);
  }

  @Test
  void aSegmentHasTheMapAndOutputTimes() {
    SubtitleSegments segments = segments(2);
    assertThat(segments.startUs(1_000_002)).isEqualTo(4 * S);
    assertThat(segments.endUs(1_000_002)).isEqualTo(6 * S);
    assertThat(segments.segment(List.of(new Cue(4_500_000, 6_250_000, List.of("a --> <b>&", "c")))))
        .isEqualTo(
            """
            WEBVTT
            X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000

            00:00:04.500 --> 00:00:06.250
            a --&gt; &lt;b&gt;&amp;
            c

            """);
    assertThat(segments.segment(List.of())).endsWith("LOCAL:00:00:00.000\n\n");
  }
}
