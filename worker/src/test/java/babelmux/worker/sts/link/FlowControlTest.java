package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The three mechanisms of flow control and the stall clock, each alone. */
class FlowControlTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aPauseLastsBetween2And30SecondsAndBeginsAgainWithAProbe() {
    Pause pause = new Pause();
    assertThat(pause.until()).isZero();
    pause.begin(10, false, SECOND);
    assertThat(pause.until()).isEqualTo(3 * SECOND);
    pause.begin(20_000, false, 2 * SECOND);
    assertThat(pause.until()).as("asked for again").isEqualTo(3 * SECOND);
    pause.sent(3 * SECOND);
    assertThat(pause.until()).isEqualTo(5 * SECOND);
    pause.tick(1, 9 * SECOND);
    assertThat(pause.active()).as("with a probe in flight").isTrue();
    pause.tick(0, 9 * SECOND);
    assertThat(pause.active()).isFalse();
    pause.begin(Long.MAX_VALUE, false, 0);
    assertThat(pause.until()).isEqualTo(30 * SECOND);
  }

  @Test
  void onlyAPauseUntilLessIsInFlightEndsWithAnyFragment() {
    Pause pause = new Pause();
    pause.begin(0, false, 0);
    pause.settled(1);
    assertThat(pause.active()).isTrue();
    pause.begin(0, true, 0);
    pause.settled(1);
    assertThat(pause.active()).isFalse();
  }

  @Test
  void aSlowDownCountsFromTheLatestOfRequestArrivalAndSending() {
    SlowDown slow = new SlowDown(8 * SECOND);
    assertThat(slow.sendTime(7)).isEqualTo(7);
    slow.begin(500, SECOND);
    assertThat(slow.sendTime(0)).isEqualTo(SECOND * 3 / 2);
    assertThat(slow.sendTime(2 * SECOND)).isEqualTo(SECOND * 5 / 2);
    slow.sent(3 * SECOND);
    assertThat(slow.sendTime(0)).isEqualTo(SECOND * 7 / 2);
  }

  @Test
  void aSlowDownTakesHalfTheLimitAtMostAndEndsAfter30SecondsWithoutARequest() {
    SlowDown slow = new SlowDown(8 * SECOND);
    slow.begin(Long.MAX_VALUE, 0);
    assertThat(slow.sendTime(0)).isEqualTo(4 * SECOND);
    slow.tick(29 * SECOND);
    assertThat(slow.sendTime(0)).isEqualTo(4 * SECOND);
    slow.tick(30 * SECOND);
    assertThat(slow.sendTime(0)).isZero();
  }

  @Test
  void aRateLimitDoublesUnlessTheServiceSaysHowLong() {
    RateLimit limit = new RateLimit();
    limit.exceeded(OptionalLong.empty(), 0);
    assertThat(limit.until()).isEqualTo(SECOND);
    limit.exceeded(OptionalLong.empty(), 0);
    assertThat(limit.until()).isEqualTo(2 * SECOND);
    limit.exceeded(OptionalLong.of(500), 0);
    assertThat(limit.until()).as("never earlier").isEqualTo(2 * SECOND);
    limit.exceeded(OptionalLong.of(3_600_000), 0);
    assertThat(limit.until()).isEqualTo(60 * SECOND);
    limit.reset();
    limit.exceeded(OptionalLong.empty(), 0);
    assertThat(limit.until()).isEqualTo(SECOND);
  }

  @Test
  void aStallCountsFromTheOldestThatWasNotAnsweredOrRefused() {
    StallWatch watch = new StallWatch(8 * SECOND);
    assertThat(watch.stallsAt()).isEqualTo(FragmentSender.NEVER);
    watch.sent("a", SECOND);
    watch.sent("b", 2 * SECOND);
    assertThat(watch.stallsAt()).isEqualTo(17 * SECOND);
    watch.refused("a");
    assertThat(watch.stallsAt()).isEqualTo(18 * SECOND);
    watch.reset();
    assertThat(watch.stallsAt()).isEqualTo(FragmentSender.NEVER);
  }

  @Test
  void aShortLimitLeavesTimeForAYoungerFragment() {
    StallWatch watch = new StallWatch(2 * SECOND);
    watch.sent("a", 0);
    assertThat(watch.stallsAt()).isEqualTo(8 * SECOND);
  }
}
