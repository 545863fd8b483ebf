package babelmux.worker.timeline;

/**
 * Turns the wrapping millisecond times of FLV into times that go on: a step back of about 2^24 or
 * 2^32 ms is the field running over, not the source going back in time. One for each track; not
 * thread-safe.
 */
public final class Unwrapper {
  private static final long[] PERIODS_US = {
    (1L << 24) * 1000, (1L << 31) * 1000, (1L << 32) * 1000
  };
  private static final long TOLERANCE_US = 10_000_000;

  private long offsetUs;
  private long lastUs;
  private boolean started;

  /** The continued time of a raw one, microseconds. */
  public long unwrap(long rawUs) {
    long us = rawUs + offsetUs;
    if (started) {
      for (long period : PERIODS_US) {
        if (Math.abs(us + period - lastUs) < TOLERANCE_US) {
          offsetUs += period;
          us += period;
          break;
        }
        // A packet from before the wrap that comes after one from behind it (B-frames, the other
        // track).
        if (Math.abs(us - period - lastUs) < TOLERANCE_US && offsetUs >= period) {
          us -= period;
          lastUs = Math.max(lastUs, us);
          return us;
        }
      }
    }
    started = true;
    lastUs = us;
    return us;
  }
}
