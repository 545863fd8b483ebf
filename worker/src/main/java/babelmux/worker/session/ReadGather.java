package babelmux.worker.session;

/**
 * Decides when a reader rests, so that packets come together and are read at one go: a thread that
 * is woken for each packet costs more than the packet. It rests where a packet had to be waited
 * for, which is where nothing more is there; but not while media time falls behind the clock, as on
 * a machine so busy that each read takes long. One thread.
 */
final class ReadGather {
  /** A read that takes so long has waited. */
  static final long WAITED_NANOS = 2_000_000;

  /** By so much, media time may be behind. */
  static final long MAX_BEHIND_US = 60_000;

  // A source's clock may differ from this machine's by 1 in 1000.
  private static final long DRIFT_DIVISOR = 1000;
  private static final long MOST_BEHIND_US = 1_000_000;

  private final long restNanos;
  private boolean begun;
  private long readFromNanos;
  private long lastNanos;
  private long lastUs;
  private long behindUs;

  /**
   * @param restNanos how long it rests, or 0 for never
   */
  ReadGather(long restNanos) {
    this.restNanos = restNanos;
  }

  /** The next read begins. */
  void reads(long nowNanos) {
    readFromNanos = nowNanos;
  }

  /**
   * A packet was read.
   *
   * @param dtsUs its time, session microseconds
   * @return nanoseconds to rest before the next read, or 0
   */
  long restNanos(long dtsUs, long nowNanos) {
    if (!begun) {
      begun = true;
      readFromNanos = nowNanos;
    } else {
      long wallUs = (nowNanos - lastNanos) / 1000;
      long more = wallUs - wallUs / DRIFT_DIVISOR - (dtsUs - lastUs);
      behindUs = Math.min(MOST_BEHIND_US, Math.max(0, behindUs + more));
    }
    lastNanos = nowNanos;
    lastUs = dtsUs;
    boolean waited = nowNanos - readFromNanos >= WAITED_NANOS;
    return waited && behindUs <= MAX_BEHIND_US ? restNanos : 0;
  }
}
