package babelmux.worker.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The wait before an attempt: {@code first}, doubled each time up to {@code last}; when all
 * doublings are used up, anything from {@code last} to {@code ceiling}, forever.
 *
 * @param first before attempt 1
 * @param last the longest of the doubled ones
 * @param ceiling the longest of those after them
 */
public record Backoff(Duration first, Duration last, Duration ceiling) {
  private static final double JITTER = 0.1;

  public Backoff {
    boolean grows = last.compareTo(first) >= 0 && ceiling.compareTo(last) >= 0;
    if (first.isNegative() || first.isZero() || !grows) {
      throw new IllegalArgumentException(
          "backoff is %s, %s, %s, expected the first above 0 and each at least the one before"
              .formatted(first, last, ceiling));
    }
  }

  /** Doubles up to {@code last} and stays there. */
  public static Backoff doubling(Duration first, Duration last) {
    return new Backoff(first, last, last);
  }

  /** Number of attempts on the doubling part; when they have failed, the outage is a long one. */
  public int attempts() {
    int attempts = 1;
    for (Duration d = first; d.compareTo(last) < 0; d = d.multipliedBy(2)) {
      attempts++;
    }
    return attempts;
  }

  /**
   * The wait before an attempt, without jitter.
   *
   * @param attempt from 1
   */
  public Duration delay(int attempt) {
    Duration delay = first;
    for (int i = 1; i < attempt && delay.compareTo(last) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(last) > 0 ? last : delay;
  }

  /**
   * The wait before an attempt, with up to a tenth on top while it doubles.
   *
   * @param attempt from 1
   * @param random in [0, 1)
   */
  public Duration delay(int attempt, DoubleSupplier random) {
    double share = random.getAsDouble();
    Duration delay = delay(attempt);
    double jitter = attempt > attempts() ? ceiling.minus(last).toNanos() : JITTER * delay.toNanos();
    return delay.plusNanos((long) (share * jitter));
  }
}
