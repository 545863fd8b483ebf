package babelmux.worker.output;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/**
 * How long to wait before a destination is tried again: doubling from one second to thirty, a tenth
 * of it random.
 */
final class Backoff {
  private static final IntervalFunction intervals =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofSeconds(1), 2.0, 0.1, Duration.ofSeconds(30));

  private Backoff() {}

  /**
   * @param attempt counts from 1
   */
  static Duration after(int attempt) {
    // The power overflows the library's own bounds long after the cap has been reached.
    return Duration.ofMillis(intervals.apply(Math.max(1, Math.min(attempt, 20))));
  }
}
