package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseClockTest {
  private static final long DELAY = 14_500_000_000L;
  private static final long MILLI = 1_000_000;

  @Test
  void aMomentIsDueAConstantTimeAfterItsArrival() {
    ReleaseClock clock = new ReleaseClock(1_000, DELAY);
    assertThat(clock.dueNanos(0)).isEqualTo(1_000 + DELAY);
    assertThat(clock.dueNanos(2_000_000)).isEqualTo(1_000 + DELAY + 2_000_000_000L);
    assertThat(clock.dueUs(clock.dueNanos(2_000_000))).isEqualTo(2_000_000);
    assertThat(clock.elapsedUs(1_000 + 5_000_000)).isEqualTo(5_000);
  }

  /** What a day of packets, one every 40 ms, did to the delay. */
  private record Day(long worstStepNanos, long leastNanos, long mostNanos) {
    static Day of(long ppm, long jitterMillis) {
      ReleaseClock clock = new ReleaseClock(0, DELAY);
      long step = 0;
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      long before = 0;
      for (long packet = 1; packet <= 24L * 3600 * 25; packet++) {
        long onTheWay = packet * 7919 % (jitterMillis + 1) * MILLI;
        // Nothing for 3 s every ten minutes, then all at once.
        long stalled = Math.max(0, 75 - packet % 15_000) * 40 * MILLI;
        long now = packet * 40 * MILLI + Math.max(onTheWay, stalled);
        long sessionUs = packet * 40_000 + packet * 40_000 * ppm / 1_000_000;
        clock.arrived(sessionUs, now);
        long anchor = clock.dueNanos(0) - DELAY;
        step = Math.max(step, Math.abs(anchor - before));
        before = anchor;
        // From its time at the source to its time at the output.
        long delay = clock.dueNanos(sessionUs) - packet * 40 * MILLI;
        least = Math.min(least, delay);
        most = Math.max(most, delay);
      }
      return new Day(step, least, most);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1000, -100, -20, 0, 20, 100, 1000})
  void aSourceWhoseClockErrsIsFollowedWithoutAStep(long ppm) {
    Day day = Day.of(ppm, 30);
    assertThat(day.worstStepNanos()).as("from packet to packet").isLessThan(7 * MILLI);
    assertThat(day.leastNanos()).as("least delay").isGreaterThan(DELAY - 40 * MILLI);
    assertThat(day.mostNanos()).as("most delay").isLessThan(DELAY + 40 * MILLI);
  }

  @Test
  void aClockThatIsRightIsNotMovedByJitter() {
    Day day = Day.of(0, 200);
    assertThat(day.worstStepNanos()).isLessThan(MILLI);
    assertThat(day.mostNanos() - day.leastNanos()).isLessThan(10 * MILLI);
  }

  @Test
  void aNewStretchStartsFromWhereItStands() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    for (long second = 1; second <= 60; second++) {
      clock.arrived(second * 1_000_000, second * 1_000 * MILLI);
    }
    clock.restart(60_000 * MILLI);
    for (long second = 61; second <= 600; second++) {
      clock.arrived(second * 1_000_000 - 500_000, second * 1_000 * MILLI);
    }
    assertThat(clock.dueNanos(0)).as("a constant offset is no drift").isEqualTo(DELAY);
  }
}
