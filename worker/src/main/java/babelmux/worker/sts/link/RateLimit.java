package babelmux.worker.sts.link;

import java.util.OptionalLong;

/**
 * The time in which nothing is sent after the service said that it got too much: as long as it
 * says, else longer each time. Times are nanoseconds since the link was opened.
 */
final class RateLimit {
  private static final long MILLI = 1_000_000L;
  private static final long FIRST = 1_000 * MILLI;
  private static final long MAX = 60_000 * MILLI;
  private static final int MAX_DOUBLINGS = 4;

  private long until;
  private int count;

  void exceeded(OptionalLong retryAfterMillis, long now) {
    long wait = FIRST << Math.min(count++, MAX_DOUBLINGS);
    if (retryAfterMillis.isPresent()) {
      wait = Math.min(MAX, retryAfterMillis.getAsLong() * MILLI);
    }
    until = Math.max(until, now + wait);
  }

  /** The service keeps up: the waits begin with the first again. */
  void succeeded() {
    count = 0;
  }

  void reset() {
    until = 0;
    count = 0;
  }

  /** When the next fragment may be sent; may have passed. */
  long until() {
    return until;
  }
}
