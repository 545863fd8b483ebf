package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReleaseClockTest {
  private static final long DELAY = 14_500_000_000L;

  @Test
  void aMomentIsDueAConstantTimeAfterItsArrival() {
    ReleaseClock clock = new ReleaseClock(1_000, DELAY);
    assertThat(clock.dueNanos(0)).isEqualTo(1_000 + DELAY);
    assertThat(clock.dueNanos(2_000_000)).isEqualTo(1_000 + DELAY + 2_000_000_000L);
    assertThat(clock.dueUs(clock.dueNanos(2_000_000))).isEqualTo(2_000_000);
    assertThat(clock.elapsedUs(1_000 + 5_000_000)).isEqualTo(5_000);
  }

  @Test
  void aSourceWhoseClockErrsIsFollowedWithoutAStep() {
    for (long ppm : new long[] {-100, 100}) {
      ReleaseClock clock = new ReleaseClock(0, DELAY);
      long worstStep = 0;
      long before = clock.dueNanos(0) - DELAY;
      long spread = 0;
      for (long second = 1; second <= 24 * 3600; second++) {
        long nowNanos = second * 1_000_000_000L;
        long sessionUs = second * 1_000_000L + second * ppm;
        // Up to 30 ms of jitter, never early.
        clock.arrived(sessionUs, nowNanos + (second * 7919 % 30) * 1_000_000L);
        long anchor = clock.dueNanos(0) - DELAY;
        worstStep = Math.max(worstStep, Math.abs(anchor - before));
        before = anchor;
        spread = Math.max(spread, Math.abs(clock.dueNanos(sessionUs) - DELAY - nowNanos));
      }
      assertThat(worstStep).as("step at %d ppm", ppm).isLessThanOrEqualTo(2_000_000);
      assertThat(spread).as("delay's error at %d ppm", ppm).isLessThan(50_000_000);
    }
  }
}
