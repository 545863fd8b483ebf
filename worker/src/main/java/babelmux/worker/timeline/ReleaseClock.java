package babelmux.worker.timeline;

/**
 * When a moment of session time leaves: anchor + t + D on the monotonic clock. The anchor follows
 * the source's clock, so slowly that no viewer can see it: a source that runs fast must not fill
 * the delay line over a day, one that runs slowly must not empty it. Fed by one thread, read by
 * any.
 *
 * <p>How late a packet is says little, how late the least late one of ten seconds is says how the
 * clocks stand: the network only ever adds.
 */
public final class ReleaseClock {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  // 2000 ppm: twice what the worst encoder errs by, and a frame of 33.33 ms becomes one of 33.4.
  private static final long SLEW_DIVISOR = 500;

  private final long delayNanos;
  private final long firstArrivalNanos;
  private volatile long anchorNanos;
  private long targetNanos;
  private long movedNanos;
  private long windowEndNanos;
  private long windowLeast = Long.MAX_VALUE;
  private long baseline = Long.MAX_VALUE;

  /**
   * @param firstArrivalNanos when session time 0 arrived, on the monotonic clock
   * @param delayNanos D
   */
  public ReleaseClock(long firstArrivalNanos, long delayNanos) {
    this.firstArrivalNanos = firstArrivalNanos;
    this.anchorNanos = firstArrivalNanos;
    this.targetNanos = firstArrivalNanos;
    this.movedNanos = firstArrivalNanos;
    this.delayNanos = delayNanos;
    this.windowEndNanos = firstArrivalNanos + WINDOW_NANOS;
  }

  /** When a moment of session time is due, on the monotonic clock. */
  public long dueNanos(long sessionUs) {
    return anchorNanos + sessionUs * 1000 + delayNanos;
  }

  /** The moment of session time that is due at {@code nowNanos}, microseconds. */
  public long dueUs(long nowNanos) {
    return Math.floorDiv(nowNanos - anchorNanos - delayNanos, 1000);
  }

  /**
   * Session time as the wall clock has it: what would arrive now if nothing were late,
   * microseconds.
   */
  public long elapsedUs(long nowNanos) {
    return Math.floorDiv(nowNanos - anchorNanos, 1000);
  }

  /** A packet of session time {@code sessionUs} has arrived. */
  public void arrived(long sessionUs, long nowNanos) {
    move(nowNanos);
    windowLeast = Math.min(windowLeast, nowNanos - sessionUs * 1000 - firstArrivalNanos);
    if (nowNanos - windowEndNanos >= 0) {
      closeWindow();
      windowEndNanos = nowNanos + WINDOW_NANOS;
      windowLeast = Long.MAX_VALUE;
    }
  }

  /**
   * A new stretch has its own relation to the clock: what was measured before says nothing about
   * it.
   */
  public void restart(long nowNanos) {
    windowEndNanos = nowNanos + WINDOW_NANOS;
    windowLeast = Long.MAX_VALUE;
    baseline = Long.MAX_VALUE;
    targetNanos = anchorNanos;
  }

  private void closeWindow() {
    if (baseline == Long.MAX_VALUE) {
      baseline = windowLeast - (anchorNanos - firstArrivalNanos);
    }
    targetNanos = firstArrivalNanos + windowLeast - baseline;
  }

  private void move(long nowNanos) {
    long most = Math.min(nowNanos - movedNanos, WINDOW_NANOS) / SLEW_DIVISOR;
    movedNanos = nowNanos;
    long anchor = anchorNanos;
    long error = targetNanos - anchor;
    if (error != 0) {
      anchorNanos = anchor + Math.max(-most, Math.min(most, error));
    }
  }
}
