package babelmux.worker.sts;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before an attempt: {@code first}, doubled each time up to {@code last}, each
 * with up to a tenth on top; when all doublings are used up, anything from {@code last} to {@code
 * ceiling}, for ever.
 *
 * @param first before attempt 1
 * @param last the longest of the doubled ones
 * @param ceiling the longest of those after them
 */
public record Backoff(Duration first, Duration last, Duration ceiling) {
  /** 2, 4, 8, 16, 32 s, then 32 to 60 s. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(32), Duration.ofSeconds(60));

  private static final double JITTER = 0.1;

  public Backoff {
    Checks.positive("first", first);
    if (last.compareTo(first) < 0 || ceiling.compareTo(last) < 0) {
      throw new IllegalArgumentException(
          "backoff is %s, %s, %s, expected each at least the one before"
              .formatted(first, last, ceiling));
    }
  }

  /**
   * How many attempts are on the doubling part; when they have failed, the outage is a long one.
   */
  public int attempts() {
    int attempts = 1;
    for (Duration d = first; d.compareTo(last) < 0; d = d.multipliedBy(2)) {
      attempts++;
    }
    return attempts;
  }

  /**
   * The wait before an attempt.
   *
   * @param attempt from 1
   * @param random in [0, 1)
   */
  public Duration delay(int attempt, DoubleSupplier random) {
    double share = random.getAsDouble();
    if (attempt > attempts()) {
      return last.plusNanos((long) (share * ceiling.minus(last).toNanos()));
    }
    Duration delay = first;
    for (int i = 1; i < attempt; i++) {
      delay = delay.multipliedBy(2);
    }
    Duration capped = delay.compareTo(last) > 0 ? last : delay;
    return capped.plusNanos((long) (share * JITTER * capped.toNanos()));
  }
}
