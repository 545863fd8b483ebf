package babelmux.worker.sts.link;

/**
 * The delay before each fragment that the service has asked for. It ends when the service has not
 * asked for it again for a while. Times are nanoseconds since the link was opened.
 */
final class SlowDown {
  private static final long MILLI = 1_000_000L;
  private static final long MAX = 30_000 * MILLI;

  private final long maxDelay;

  private long delay;
  private long from;
  private long askedAt;
  private long lastSent = Long.MIN_VALUE / 2;

  /**
   * No delay.
   *
   * @param fragmentTimeout nanoseconds; a delay never takes more than half of it
   */
  SlowDown(long fragmentTimeout) {
    this.maxDelay = Math.min(fragmentTimeout / 2, MAX);
  }

  void begin(long delayMillis, long now) {
    // Being asked again and again must not put a fragment off again and again.
    from = delay > 0 ? from : now;
    delay = Math.min(delayMillis, maxDelay / MILLI) * MILLI;
    askedAt = now;
  }

  void end() {
    delay = 0;
  }

  void sent(long now) {
    lastSent = now;
  }

  /** Ends it when its time is up. */
  void tick(long now) {
    if (delay > 0 && now - askedAt >= MAX) {
      delay = 0;
    }
  }

  /** When a fragment that came at {@code since} may be sent. */
  long sendTime(long since) {
    return delay > 0 ? Math.max(Math.max(since, from), lastSent) + delay : since;
  }
}
