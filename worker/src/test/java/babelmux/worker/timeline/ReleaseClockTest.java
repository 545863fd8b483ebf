package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
        // Before that nothing has left.
        boolean leaves = now >= DELAY;
        step = leaves ? Math.max(step, Math.abs(anchor - before)) : 0;
        before = anchor;
        // From its time at the source to its time at the output.
        long delay = clock.dueNanos(sessionUs) - packet * 40 * MILLI;
        if (leaves) {
          least = Math.min(least, delay);
          most = Math.max(most, delay);
        }
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
  void aClockThatIsRightIsHardlyMovedByJitter() {
    Day day = Day.of(0, 200);
    assertThat(day.worstStepNanos()).as("behind a stall of 3 s").isLessThan(7 * MILLI);
    assertThat(day.mostNanos() - day.leastNanos())
        .as("what stalls of 3 s add")
        .isLessThan(25 * MILLI);
  }

  /** Delays from the source's own time to the output, of a source that begins with a burst. */
  private static List<Long> delaysAfterBurst(long firstLateMillis, long seed) {
    Random random = new Random(seed);
    long first = firstLateMillis * MILLI;
    ReleaseClock clock = new ReleaseClock(first, DELAY);
    List<Long> delays = new ArrayList<>();
    long before = first;
    for (long packet = 0; packet < 3_000; packet++) {
      long trueNanos = packet * 20 * MILLI;
      // What waited while the reader analysed the first packet comes at once.
      long arrival = Math.max(before, trueNanos + random.nextInt(15) * MILLI);
      before = arrival;
      clock.arrived(packet * 20_000, arrival);
      long left = packet - DELAY / (20 * MILLI);
      if (left >= 0) {
        delays.add(clock.dueNanos(left * 20_000) - left * 20 * MILLI);
      }
    }
    return delays;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40, 120, 400, 1500})
  void theFirstPacketsOwnLatenessIsNotAddedToTheDelay(long firstLateMillis) {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(delaysAfterBurst(firstLateMillis, seed))
          .as("delay of everything that leaves, the first included")
          .isNotEmpty()
          .allSatisfy(delay -> assertThat(delay).isBetween(DELAY, DELAY + 10 * MILLI));
    }
  }

  @Test
  void oneTimestampThatIsWrongDoesNotMoveTheDelay() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    // MediaMTX begins with DTS = PTS at the first keyframe of a stream with B-frames.
    clock.arrived(67_000, 0);
    for (long packet = 1; packet < 300; packet++) {
      clock.arrived(packet * 33_333, packet * 33_333_000);
    }
    assertThat(clock.dueNanos(0)).isEqualTo(DELAY);
  }

  /** Video waits for the audio frame that is sent before it, as FFmpeg's interleaving has it. */
  @Test
  void theUsualPacketOfAnUnevenPublisherLeavesAfterTheDelay() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    List<Long> delays = new ArrayList<>();
    for (long packet = 0; packet < 30 * 60; packet++) {
      long trueNanos = packet * 33_333_000;
      long onTheWayNanos = packet * 7919 % 61 * MILLI;
      clock.arrived(packet * 33_333, trueNanos + onTheWayNanos);
      if (trueNanos > 15_000 * MILLI) {
        delays.add(clock.dueNanos(packet * 33_333) - trueNanos - onTheWayNanos);
      }
    }
    delays.sort(null);
    assertThat(delays.get(delays.size() / 2) - DELAY).isBetween(-5 * MILLI, 5 * MILLI);
  }

  /** Audio 3 s behind the video has more packets, and is not late: it is always so. */
  @Test
  void aTrackThatComesSecondsBehindTheOtherDoesNotAddThemToTheDelay() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    for (long packet = 0; packet < 60 * 60; packet++) {
      long now = packet * 16_666_667;
      boolean video = packet % 3 == 0;
      clock.arrived((video ? now : now - 3_000 * MILLI) / 1000, now);
    }
    assertThat(clock.dueNanos(0) - DELAY).isBetween(0L, 200 * MILLI);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 6, 9})
  void aStallBeforeAnythingHasLeftIsNotAddedToTheDelay(long fromSecond) {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    for (long packet = 0; packet < 25 * 60; packet++) {
      long trueNanos = packet * 40 * MILLI;
      boolean held = trueNanos >= fromSecond * 1_000 * MILLI && trueNanos < 13_900 * MILLI;
      clock.arrived(packet * 40_000, held ? 13_900 * MILLI : trueNanos);
    }
    assertThat(clock.dueNanos(0) - DELAY).isBetween(0L, 200 * MILLI);
  }

  @Test
  void onceSomethingMayHaveLeftTheAnchorIsNeverSet() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    clock.arrived(1_000_000, 1_000 * MILLI);
    clock.arrived(14_100_000, 14_050 * MILLI);
    assertThat(clock.dueNanos(0)).isEqualTo(DELAY);
  }

  @Test
  void aFileThatIsReadAtOnceIsNotPlayedAtOnce() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    for (long n = 0; n < 400; n++) {
      clock.arrived(n * 40_000, n * MILLI);
    }
    assertThat(clock.dueNanos(0)).isEqualTo(DELAY - 2_000 * MILLI);
  }

  @Test
  void aNewRunThatWasPlacedTooFarComesBackToTheDelayUnseen() {
    ReleaseClock clock = new ReleaseClock(0, DELAY);
    for (long second = 1; second <= 60; second++) {
      clock.arrived(second * 1_000_000, second * 1_000 * MILLI);
    }
    clock.restart(60_000 * MILLI);
    long before = DELAY;
    for (long second = 61; second <= 600; second++) {
      // Its first packet was 300 ms late and stands where it came: the others are early.
      clock.arrived(second * 1_000_000 + 300_000, second * 1_000 * MILLI);
      assertThat(before - clock.dueNanos(0)).as("a second's step").isBetween(0L, 2 * MILLI);
      before = clock.dueNanos(0);
    }
    assertThat(clock.dueNanos(300_000)).isEqualTo(DELAY);
  }
}
