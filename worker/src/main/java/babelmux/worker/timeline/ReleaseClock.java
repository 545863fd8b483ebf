package babelmux.worker.timeline;

/**
 * Maps session time to the time at which it leaves: anchor + t + D on the monotonic clock. The
 * anchor follows the source's clock, so slowly that no viewer can see it: a source that runs fast
 * must not fill the delay line over a day, one that runs slowly must not empty it. Fed by one
 * thread, read by any.
 *
 * <p>How late one packet is says little. The median of ten seconds says how the clocks stand:
 * publishers send in small bursts, and MediaMTX gives the first keyframe a DTS that is 40 to 70 ms
 * too high. It counts up to {@value #MAX_OVER_LEAST_NANOS} ns over the least lateness: after a
 * stall, or where one track comes behind the other, most packets may be late, and the network only
 * ever adds. Nothing leaves before D is over; until shortly before that the anchor is set from the
 * packets so far, so that the first one's own lateness is not added to D for good.
 */
public final class ReleaseClock {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  // 2000 ppm: twice what the worst encoder errs by, and a frame of 33.33 ms becomes one of 33.4.
  private static final long SLEW_DIVISOR = 500;

  // A sort each: often enough for a first window of 14 s, which has more than 1000 packets.
  private static final int SETTLE_EVERY = 16;

  // A source that sends faster than time passes does not come nearer than this: a file, a cache.
  private static final long MAX_SETTLED_NANOS = 2_000_000_000L;

  // Far more than a publisher's bursts, far less than what makes a hole a leap.
  private static final long MAX_OVER_LEAST_NANOS = 200_000_000L;

  // What is due within this time may be being mixed.
  private static final long SETTLED_BEFORE_NANOS = 500_000_000L;

  private final long delayNanos;
  private final long firstArrivalNanos;
  private final long settleNanos;
  private final LatenessSample window = new LatenessSample();
  private volatile long anchorNanos;
  private long targetNanos;
  private long movedNanos;
  private long usualBefore = Long.MAX_VALUE;
  private long leastNanos = Long.MAX_VALUE;
  private boolean settled;
  private long windowEndNanos;

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
    this.settleNanos = Math.max(delayNanos / 2, delayNanos - SETTLED_BEFORE_NANOS);
    // A publisher may begin with a burst, and catch up for some seconds: the last window counts.
    this.windowEndNanos = firstArrivalNanos + settleNanos - WINDOW_NANOS;
  }

  /** The time at which a session time is due, on the monotonic clock. */
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
    long lateness = nowNanos - sessionUs * 1000 - firstArrivalNanos;
    settled |= nowNanos - anchorNanos >= settleNanos;
    if (!settled) {
      settle(lateness, nowNanos);
      return;
    }
    move(nowNanos);
    window.add(lateness);
    if (nowNanos - windowEndNanos >= 0) {
      long usual = usual(window.leastNanos());
      // A stall makes a window late; that the source's clock is slow shows in the next one, too.
      targetNanos = firstArrivalNanos + Math.min(usual, usualBefore);
      usualBefore = usual;
      beginWindow(nowNanos);
    }
  }

  private void settle(long lateness, long nowNanos) {
    movedNanos = nowNanos;
    if (nowNanos - windowEndNanos >= 0) {
      beginWindow(nowNanos);
    }
    window.add(lateness);
    leastNanos = Math.min(leastNanos, lateness);
    if (window.count() < SETTLE_EVERY || window.count() % SETTLE_EVERY == 0) {
      anchorNanos = firstArrivalNanos + Math.max(usual(leastNanos), -MAX_SETTLED_NANOS);
      targetNanos = anchorNanos;
    }
  }

  private long usual(long least) {
    return Math.min(window.medianNanos(), least + MAX_OVER_LEAST_NANOS);
  }

  private void beginWindow(long nowNanos) {
    windowEndNanos = nowNanos + WINDOW_NANOS;
    window.clear();
  }

  /**
   * A new contiguous run has its own relation to the clock: what was measured before says nothing
   * about it. The anchor stays where it is until the run's own first window says more.
   */
  public void restart(long nowNanos) {
    beginWindow(nowNanos);
    usualBefore = Long.MAX_VALUE;
    targetNanos = anchorNanos;
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
