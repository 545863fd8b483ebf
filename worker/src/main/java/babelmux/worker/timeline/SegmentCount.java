package babelmux.worker.timeline;

/**
 * Counts a track's segments by time: one for each segment length of which enough has been seen. Not
 * thread-safe.
 */
public final class SegmentCount {
  private final long segmentUs;
  private final long minUs;
  private long startUs;
  private long next;
  private boolean started;

  /**
   * @param segmentUs length of a segment, microseconds
   * @param minUs what must be seen of it, microseconds
   */
  public SegmentCount(long segmentUs, long minUs) {
    this.segmentUs = segmentUs;
    this.minUs = minUs;
  }

  /** Returns whether a packet at this time makes the count one more. Times rise. */
  public boolean reach(long us) {
    if (!started) {
      started = true;
      startUs = us;
    }
    long index = Math.floorDiv(us - startUs, segmentUs);
    if (index < next || Math.floorMod(us - startUs, segmentUs) < minUs) {
      return false;
    }
    next = index + 1;
    return true;
  }
}
