package babelmux.worker.output;

import babelmux.worker.retry.Backoff;
import java.util.function.DoubleSupplier;

/**
 * Decides when a destination that is down is tried again: by its backoff, or at once when somebody
 * says that its server answers. All times are nanoseconds of one monotonic clock. Not thread-safe.
 */
final class DestinationRetry {
  private final Backoff backoff;
  private int failures;
  private boolean trying;
  private boolean answers;
  private long retryNanos;

  DestinationRetry(Backoff backoff) {
    this.backoff = backoff;
  }

  /** A try begins. */
  void begin() {
    trying = true;
    answers = false;
  }

  /** Bytes have flowed for so long that the next failure is a new one. */
  void up() {
    failures = 0;
    trying = false;
    answers = false;
  }

  /**
   * The connection was lost or could not be made.
   *
   * @param random in [0, 1), for the jitter
   * @return the wait before the next try
   */
  long failed(long nowNanos, DoubleSupplier random) {
    trying = false;
    failures = answers ? 1 : failures + 1;
    // Whoever said during this try that the server answers is right: the try came too soon.
    long waitNanos = answers ? 0 : backoff.delay(failures, random).toNanos();
    answers = false;
    retryNanos = nowNanos + waitNanos;
    return waitNanos;
  }

  /** The wait before the next try; none when 0 or less. */
  long waitNanos(long nowNanos) {
    return retryNanos - nowNanos;
  }

  /**
   * Somebody says that the server answers: it is tried at once, and the waits start at 1 s again.
   */
  void serverAnswers(long nowNanos) {
    failures = 0;
    answers = trying;
    retryNanos = nowNanos;
  }
}
