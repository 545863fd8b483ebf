package babelmux.worker.sts.link;

/**
 * Keeps a service that loses each session at once from being asked for new ones in a circle: the
 * first is asked for at once, the others 1, 2, 4... 32 s apart until an answer comes.
 */
final class InitBackoff {
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_DOUBLINGS = 5;

  private int count;
  private long last;

  /** When the next stream:init may be sent; not before {@code now}. */
  long next(long now) {
    long wait = count < 2 ? 0 : SECOND << Math.min(count - 2, MOST_DOUBLINGS);
    last = count == 0 ? now : Math.max(now, last + wait);
    count++;
    return last;
  }

  /** A new connection, or a sign of life. */
  void reset() {
    count = 0;
  }
}
