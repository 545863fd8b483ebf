package babelmux.worker.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTimesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");
  private static final long S = 1_000_000;

  /** A segment whose first sample came so long ago; output time 100 s is due now. */
  private static MediaTimes times(boolean fmp4, long mediaUs, Duration ago) {
    return MediaTimes.of(
        new MediaTimes.Segment(fmp4, mediaUs, NOW.minus(ago), 2),
        new MediaTimes.Clocks(NOW, OptionalLong.of(100 * S)));
  }

  @Test
  void aServerThatKeepsTimesHasItsMuxersOwnOffset() {
    // Its date is 0.4 s late: that changes nothing but the dates.
    MediaTimes times = times(true, 107 * S, Duration.ofMillis(2600));
    assertThat(times.offsetUs()).isEqualTo(10 * S);
    assertThat(times.mpegTs()).isEqualTo(900_000);
    assertThat(times.dateOf(97 * S)).isEqualTo(NOW.minusMillis(2600));
    assertThat(times.dateOf(100 * S)).isEqualTo(NOW.plusMillis(400));
    assertThat(times(false, 97 * S, Duration.ofSeconds(3)).offsetUs()).isZero();
    assertThat(times(false, 97 * S, Duration.ofSeconds(3)).mpegTs()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"-4900", "4900", "-7900", "7900"})
  void aDateMayLagAndClocksMayDiffer(long ms) {
    assertThat(times(true, 107 * S, Duration.ofMillis(3000 + ms)).offsetUs()).isEqualTo(10 * S);
  }

  @ParameterizedTest
  @CsvSource({"-20", "20", "3600"})
  void aServerThatCountsFromAnotherZeroIsFollowedByItsDates(long seconds) {
    MediaTimes times = times(true, (107 + seconds) * S + 200_000, Duration.ofSeconds(3));
    assertThat(times.offsetUs()).isEqualTo((10 + seconds) * S + 200_000);
    assertThat(times.isExact()).isFalse();
  }

  @Test
  void beforeTheFirstPacketItsMuxersOffsetIsTaken() {
    MediaTimes times =
        MediaTimes.of(
            new MediaTimes.Segment(true, 5000 * S, NOW, 1),
            new MediaTimes.Clocks(NOW, OptionalLong.empty()));
    assertThat(times.offsetUs()).isEqualTo(10 * S);
  }

  @Test
  void mpegTsTurnsOverAfter26Hours() {
    long turnUs = (1L << 33) * 100 / 9;
    // 30 h on air.
    long outputUs = 30 * 3600 * S;
    MediaTimes times =
        MediaTimes.of(
            new MediaTimes.Segment(false, outputUs - turnUs, NOW, 2),
            new MediaTimes.Clocks(NOW, OptionalLong.of(outputUs)));
    assertThat(times.offsetUs()).isEqualTo(-turnUs);
    assertThat(times.isExact()).isTrue();
    // The map itself is the same, modulo 2^33.
    assertThat(Math.min(times.mpegTs(), (1L << 33) - times.mpegTs())).isLessThan(2);
  }

  @Test
  void smallStepsOfADateAreNotFollowed() {
    MediaTimes first = times(true, 107 * S, Duration.ofSeconds(3));
    MediaTimes near = times(true, 108 * S, Duration.ofMillis(2050)).after(first);
    assertThat(near).isEqualTo(first);
    MediaTimes far = times(true, 108 * S, Duration.ofMillis(2150)).after(first);
    assertThat(far.dateOf(98 * S)).isEqualTo(NOW.minusMillis(2150));
  }

  @Test
  void theTargetDurationThatSegmentsAreNumberedByStays() {
    MediaTimes first = times(true, 107 * S, Duration.ofSeconds(3));
    MediaTimes other =
        MediaTimes.of(
            new MediaTimes.Segment(true, 107 * S, NOW, 5),
            new MediaTimes.Clocks(NOW, OptionalLong.of(100 * S)));
    assertThat(other.after(null).targetSeconds()).isEqualTo(5);
    assertThat(other.after(first).targetSeconds()).isEqualTo(2);
  }
}
