package babelmux.meter;

/**
 * When the packets of a live stream came. Servers and workers send several at once, so a packet
 * that was there when the one before it had been looked at came together with that one, if looking
 * took no longer than a moment. One thread.
 */
final class Arrivals {
  /** A packet that had to be waited for so long was read when it came, not later. */
  private static final long WAITED_NANOS = 200_000;

  /** For so long after a packet that was waited for, others are of what came at once. */
  private static final long TOGETHER_NANOS = 30_000_000;

  private boolean waited;
  private long cameNanos;

  /**
   * A packet has been read.
   *
   * @param waitedNanos how long that took
   * @param nowNanos monotonic clock
   * @return when it came, on the same clock; {@link LiveCapture#NOT_KNOWN} where the reader is
   *     behind
   */
  long read(long waitedNanos, long nowNanos) {
    if (waitedNanos > WAITED_NANOS) {
      waited = true;
      cameNanos = nowNanos;
    }
    return waited && nowNanos - cameNanos <= TOGETHER_NANOS ? cameNanos : LiveCapture.NOT_KNOWN;
  }
}
