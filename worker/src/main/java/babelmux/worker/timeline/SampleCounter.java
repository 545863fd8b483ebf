package babelmux.worker.timeline;

/**
 * Counts a track's samples from packet to packet and compares the count with the packets' times:
 * FLV rounds those to milliseconds, so the count is believed until the two part by more than 6 ms;
 * then the source has a hole or repeats itself, and the time is believed. Not thread-safe.
 */
public final class SampleCounter {
  /**
   * Beyond this the time is believed (design: FLV rounds to 1 ms, and clocks of cheap encoders
   * wander).
   */
  static final long TOLERANCE_US = 6_000;

  private final SampleRate rate;
  private long next;
  private boolean started;

  /**
   * Where a packet's sound belongs.
   *
   * @param startSample on the session's timeline
   * @param correction samples inserted before it (positive: a hole) or to be dropped from its front
   *     (negative)
   */
  public record Place(long startSample, long correction) {}

  public SampleCounter(SampleRate rate) {
    this.rate = rate;
  }

  /**
   * @param ptsUs session time of the packet's first sample
   * @param frames samples in the packet
   */
  public Place place(long ptsUs, int frames) {
    long byTime = rate.samplesAt(ptsUs);
    if (!started) {
      started = true;
      next = byTime;
    }
    long difference = byTime - next;
    boolean believed = Math.abs(difference) <= rate.samplesAt(TOLERANCE_US);
    long start = believed ? next : byTime;
    Place place = new Place(start, believed ? 0 : difference);
    next = Math.max(next, start + frames);
    return place;
  }

  /** The next packet begins anew at its own time: a new stretch. */
  public void restart() {
    started = false;
  }
}
