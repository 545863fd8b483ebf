package babelmux.worker.sts.link;

import babelmux.worker.retry.Backoff;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Counts failed attempts to connect and says how long to wait before the next one. */
final class ReconnectBackoff {
  private final Backoff backoff;
  private final DoubleSupplier random;
  private int attempt;
  private boolean reported;

  ReconnectBackoff(Backoff backoff, DoubleSupplier random) {
    this.backoff = backoff;
    this.random = random;
  }

  /**
   * A connection failed or was lost.
   *
   * @param lasted whether it had been of use long enough to begin with short waits again
   * @return the wait before the next attempt
   */
  Duration failed(boolean lasted) {
    if (lasted) {
      attempt = 0;
      reported = false;
    }
    return backoff.delay(++attempt, random);
  }

  /**
   * The service refused the stream.
   *
   * @return the wait before the next attempt, as in a long outage
   */
  Duration refused() {
    attempt = Math.max(attempt, backoff.attempts()) + 1;
    return backoff.delay(attempt, random);
  }

  /** Tells whether the outage has become a long one; true once. */
  boolean becameLong() {
    boolean now = attempt > backoff.attempts() && !reported;
    reported |= now;
    return now;
  }

  /** Number of the next attempt, or of the one being made. */
  int attempt() {
    return attempt;
  }
}
