package babelmux.app.doctor;

import babelmux.worker.config.DelayConfig;
import babelmux.worker.timeline.TimeBudget;
import java.time.Duration;

/** The delay that an STS needs. Pure. */
final class NeededDelay {

  /** A service is slower now and then than it was during a few fragments. */
  static final Duration RESERVE = Duration.ofSeconds(1);

  private static final Duration STEP = Duration.ofMillis(500);

  private NeededDelay() {}

  /**
   * The smallest delay, in steps of half a second, that leaves the STS this time and a second of
   * reserve.
   *
   * @param roundTrip the longest one
   */
  static Duration of(Duration roundTrip) {
    long wantedUs = roundTrip.plus(RESERVE).toNanos() / 1000;
    Duration delay = STEP;
    while (stsLimitUs(delay) < wantedUs) {
      delay = delay.plus(STEP);
    }
    return delay;
  }

  private static long stsLimitUs(Duration delay) {
    return TimeBudget.live(
            delay.toNanos() / 1000, DelayConfig.SEGMENT.toNanos() / 1000, SpokenLike.HZ)
        .stsLimitUs();
  }
}
