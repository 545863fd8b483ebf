package babelmux.worker.timeline;

/**
 * Places source times on the session's timeline. Within a stretch of contiguous source time they
 * differ by one constant, a whole number of milliseconds; where the source jumps or comes back, a
 * new stretch begins at the place that the wall clock gives. Session time 0 is the first packet's
 * decoding time. Not thread-safe.
 */
public final class StretchMap {
  /**
   * A source time that parts from the wall clock by more than this after a leap is a new stretch.
   */
  static final long LEAP_US = 1_000_000;

  private static final long MILLI = 1000;

  /**
   * Where a packet belongs.
   *
   * @param offsetUs session time minus source time
   * @param newStretch whether a new stretch begins with this packet
   */
  public record Place(long offsetUs, boolean newStretch) {}

  private long offsetUs;
  private long previousOffsetUs;
  private boolean started;
  private boolean interrupted;
  private long lastUs;
  private long lastElapsedUs;

  /**
   * @param dtsUs the packet's decoding time, unwrapped
   * @param elapsedUs time on the wall clock since the session's first packet
   */
  public Place place(long dtsUs, long elapsedUs) {
    if (!started) {
      started = true;
      offsetUs = -dtsUs;
      previousOffsetUs = offsetUs;
      return remember(dtsUs, elapsedUs, true);
    }
    if (!interrupted && follows(dtsUs + offsetUs, elapsedUs)) {
      return remember(dtsUs, elapsedUs, false);
    }
    if (!interrupted
        && previousOffsetUs != offsetUs
        && Math.abs(dtsUs + previousOffsetUs - lastUs) <= LEAP_US) {
      // The other track has not leapt yet.
      return new Place(previousOffsetUs, false);
    }
    interrupted = false;
    previousOffsetUs = offsetUs;
    long at = Math.max(elapsedUs, lastUs + MILLI);
    offsetUs = Math.floorDiv(at - dtsUs + MILLI - 1, MILLI) * MILLI;
    return remember(dtsUs, elapsedUs, true);
  }

  /** The source was lost: whatever comes next begins a new stretch. */
  public void interrupt() {
    interrupted = started;
  }

  private boolean follows(long us, long elapsedUs) {
    long step = us - lastUs;
    if (step < -LEAP_US) {
      return false;
    }
    return step <= LEAP_US || Math.abs(step - (elapsedUs - lastElapsedUs)) <= LEAP_US;
  }

  private Place remember(long dtsUs, long elapsedUs, boolean newStretch) {
    long us = dtsUs + offsetUs;
    if (newStretch || us > lastUs) {
      lastUs = us;
      lastElapsedUs = elapsedUs;
    }
    return new Place(offsetUs, newStretch);
  }
}
