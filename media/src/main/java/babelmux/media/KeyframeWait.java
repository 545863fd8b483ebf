package babelmux.media;

/**
 * Tells when a source's first keyframe is overdue. Counts media time, which passes with every
 * packet that is read. One thread.
 */
final class KeyframeWait {
  /** Longer than most GOPs; the first keyframe comes within one. */
  static final long LIMIT_US = 5_000_000;

  /** A wait goes on being told after so much more. */
  static final long AGAIN_US = 10_000_000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private long sinceUs = UNKNOWN;
  private long nextUs;

  /**
   * A packet was read while video has not begun.
   *
   * @param dtsUs of any track, microseconds
   * @return seconds since the first one if that is to be told now, else 0
   */
  long packet(long dtsUs) {
    if (sinceUs == UNKNOWN || dtsUs < sinceUs) {
      sinceUs = dtsUs;
      nextUs = dtsUs + LIMIT_US;
    }
    if (dtsUs < nextUs) {
      return 0;
    }
    nextUs = dtsUs + AGAIN_US;
    return (dtsUs - sinceUs) / 1_000_000;
  }

  /** A keyframe was read with which the video does not begin: the wait is for the next one. */
  void restart() {
    sinceUs = UNKNOWN;
  }
}
