package babelmux.worker.session;

import babelmux.worker.retry.Backoff;
import java.time.Duration;

/**
 * Decides when a source that was lost, or could not be opened, is tried again: after 1, 2, 4, 8, 8
 * s..., at once when somebody says that it is there, and not beyond the grace. One that was never
 * read and is waited for without end is tried up to 30 s apart. All times are nanoseconds of one
 * monotonic clock. Not thread-safe.
 */
final class SourceRetry {
  private static final Backoff AFTER_LOSS =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(8));
  private static final Backoff BEFORE_FIRST =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final long graceNanos;
  private final long firstOpenNanos;
  private boolean opened;
  private long lostNanos;
  private int attempt;
  private long retryNanos;
  private boolean inGrace;
  private boolean available;
  private boolean ending;
  private boolean over;

  /**
   * @param grace how long a source that was lost is tried again
   * @param firstOpen how long one that was never there is tried: at most the grace, or {@link
   *     SessionOptions#FOREVER}
   * @param nowNanos when it is opened for the first time
   */
  SourceRetry(Duration grace, Duration firstOpen, long nowNanos) {
    this.graceNanos = grace.toNanos();
    this.firstOpenNanos =
        firstOpen.equals(SessionOptions.FOREVER)
            ? firstOpen.toNanos()
            : Math.min(graceNanos, firstOpen.toNanos());
    this.lostNanos = nowNanos;
  }

  /**
   * A connection has ended, or could not be made.
   *
   * @param read whether anything was read from it
   */
  void lost(boolean read, long nowNanos) {
    if (read) {
      opened = true;
      lostNanos = nowNanos;
      attempt = 0;
    }
    long limitNanos = opened ? graceNanos : firstOpenNanos;
    attempt++;
    long backoffNanos = (opened ? AFTER_LOSS : BEFORE_FIRST).delay(attempt).toNanos();
    long leftNanos = lostNanos + limitNanos - nowNanos;
    inGrace = leftNanos > 0;
    retryNanos = nowNanos + Math.min(leftNanos, backoffNanos);
  }

  /** The wait before {@link #next()}; none when 0 or less. */
  long waitNanos(long nowNanos) {
    return ending || available ? 0 : retryNanos - nowNanos;
  }

  /**
   * The wait is over.
   *
   * @return whether the source is tried again; if not, {@link #available()} gives false from now on
   */
  boolean next() {
    // Whoever said during the last try that the source is there is right: that try came too soon.
    over = ending || (!inGrace && !available);
    available = false;
    return !over;
  }

  /** Returns whether there was ever anything to read. */
  boolean isOpened() {
    return opened;
  }

  /**
   * Somebody says that the source is there: it is tried at once.
   *
   * @return false when it is not tried any more
   */
  boolean available() {
    if (over || ending) {
      return false;
    }
    available = true;
    return true;
  }

  /** The source is not to be tried any more. */
  void end() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /** Nothing is read any more: a source that comes from now on is another session's. */
  void finish() {
    over = true;
  }
}
