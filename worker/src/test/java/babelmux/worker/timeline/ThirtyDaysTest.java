package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A month of packet times as FLV has them, rounded to milliseconds and running over, through all
 * that makes an output's times of them. {@code -Dclock.days=30} for the whole month, which takes a
 * minute; without it, three days.
 */
@Tag("slow")
class ThirtyDaysTest {
  private static final long DAYS = Long.getLong("clock.days", 3);
  private static final int FRAME = 1024;
  private static final long DELAY_NANOS = 14_500_000_000L;

  private final Unwrapper unwrapper = new Unwrapper();
  private final TimestampRebaser rebaser = new TimestampRebaser(6_500_000);

  /**
   * @param period where the source's field of milliseconds runs over, as a power of two; it does so
   *     in the middle, too
   */
  @ParameterizedTest
  @CsvSource({"48000, 32", "44100, 31", "44100, 24", "22050, 32"})
  void nothingDriftsAndNothingIsCorrected(int hz, int period) {
    long days = DAYS;
    long periodMs = 1L << period;
    long sourceMs = (periodMs - days * 12 * 3_600_000L) & (periodMs - 1);
    SampleRate rate = new SampleRate(hz);
    SampleCounter counter = new SampleCounter(rate);
    int segmentSamples = 6 * hz;
    SegmentGrid grid = new SegmentGrid(segmentSamples, hz);
    ReleaseClock clock = new ReleaseClock(0, DELAY_NANOS);
    long frames = days * 24 * 3600 * hz / FRAME;
    long picture = 0;
    long corrections = 0;
    long runCount = 0;
    long worstUs = 0;
    long segments = 0;
    long firstSample = -1;
    for (long frame = 0; frame < frames; frame++) {
      long soundUs = micros(frame * FRAME, hz);
      for (; picture * 1001 * 100 / 3 <= soundUs; picture++) {
        long us = picture * 1001 * 100 / 3;
        long raw = (sourceMs + Math.floorDiv(us + 500, 1000)) & (periodMs - 1);
        runCount += place(TrackKind.VIDEO, raw, us).newRun() ? 1 : 0;
      }
      long raw = (sourceMs + Math.floorDiv(soundUs + 500, 1000)) & (periodMs - 1);
      TimestampRebaser.Place place = place(TrackKind.AUDIO, raw, soundUs);
      runCount += place.newRun() ? 1 : 0;
      long sessionUs = lastUs + place.offsetUs();
      SampleCounter.Place at = counter.place(sessionUs, FRAME);
      clock.arrived(sessionUs, soundUs * 1000);
      corrections += at.correction() == 0 ? 0 : 1;
      if (firstSample < 0) {
        firstSample = at.startSample();
      }
      worstUs = Math.max(worstUs, Math.abs(rate.microsAt(at.startSample()) - soundUs));
      for (SegmentGrid.Segment segment : grid.reach(at.startSample(), counter.next())) {
        if (segment.index() != segments
            || segment.samples() != segmentSamples
            || segment.startSample() != firstSample + segments * segmentSamples) {
          assertThat(segment).as("segment " + segments).isNull();
        }
        segments++;
      }
    }
    assertThat(runCount).as("contiguous runs").isOne();
    assertThat(corrections).as("corrections").isZero();
    assertThat(worstUs).as("sound against the source's own clock").isLessThanOrEqualTo(1_000);
    assertThat(segments).isEqualTo(frames * FRAME / segmentSamples);
    assertThat(Math.abs(clock.dueNanos(0) - DELAY_NANOS))
        .as("delay")
        .isLessThanOrEqualTo(1_000_000);
  }

  private long lastUs;

  private TimestampRebaser.Place place(TrackKind kind, long rawMs, long elapsedUs) {
    lastUs = unwrapper.unwrap(rawMs * 1000);
    return rebaser.place(kind, lastUs, elapsedUs);
  }

  private static long micros(long samples, int hz) {
    return samples / hz * 1_000_000 + samples % hz * 1_000_000 / hz;
  }
}
