package babelmux.worker.sts.link;

import babelmux.worker.retry.Backoff;
import java.time.Duration;

/**
 * Keeps a service that loses each session at once from being asked for new ones in a circle: the
 * first is asked for at once, the others 1, 2, 4... 32 s apart until an answer comes.
 */
final class InitBackoff {
  private static final Backoff BACKOFF =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(32));

  private int count;
  private long last;

  /** When the next stream:init may be sent; not before {@code now}. */
  long next(long now) {
    long wait = count < 2 ? 0 : BACKOFF.delay(count - 1).toNanos();
    last = count == 0 ? now : Math.max(now, last + wait);
    count++;
    return last;
  }

  /** A new connection, or a sign of life. */
  void reset() {
    count = 0;
  }
}
