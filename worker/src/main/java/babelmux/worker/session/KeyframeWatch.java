package babelmux.worker.session;

/**
 * Notices video without keyframes. An RTMP server gives a reader video from the next keyframe on:
 * without one, readers that join late get audio alone, and so does this worker. One thread.
 */
final class KeyframeWatch {
  /** Longer than any GOP that is meant. */
  static final long LIMIT_US = 20_000_000;

  private long sinceUs = Long.MIN_VALUE;
  private boolean missing;

  /**
   * A packet was read.
   *
   * @param hasVideo whether the source has a video track
   * @param keyframe whether the packet is a keyframe of it
   * @param dtsUs session time
   */
  void packet(boolean hasVideo, boolean keyframe, long dtsUs) {
    if (keyframe || !hasVideo || sinceUs == Long.MIN_VALUE) {
      sinceUs = Math.max(sinceUs, dtsUs);
    }
    missing = hasVideo && dtsUs - sinceUs > LIMIT_US;
  }

  /** Restarts with the source: the time without it does not count. */
  void restart() {
    sinceUs = Long.MIN_VALUE;
  }

  /** Returns whether there has been no keyframe for more than the limit. */
  boolean isMissing() {
    return missing;
  }
}
