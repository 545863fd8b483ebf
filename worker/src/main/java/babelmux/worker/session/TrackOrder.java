package babelmux.worker.session;

/**
 * Says up to which time packets can leave so that video and audio leave in the order of their
 * decoding times, without waiting for a track that has stopped. All times are session microseconds.
 * Not thread-safe.
 */
final class TrackOrder {
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final long maxApartUs;
  private long videoUs = UNKNOWN;
  private long audioUs = UNKNOWN;

  /**
   * @param maxApartUs so far one track may be ahead of the other before it is waited for no longer
   */
  TrackOrder(long maxApartUs) {
    this.maxApartUs = maxApartUs;
  }

  /** A packet was read. */
  void read(boolean audio, long dtsUs) {
    if (audio) {
      audioUs = Math.max(audioUs, dtsUs);
    } else {
      videoUs = Math.max(videoUs, dtsUs);
    }
  }

  /** The latest time that was read, or {@link Long#MIN_VALUE}. */
  long newestUs() {
    return Math.max(videoUs, audioUs);
  }

  /**
   * The time up to which packets can leave.
   *
   * @param both whether there are both tracks
   */
  long settledUs(boolean both) {
    long newestUs = newestUs();
    return both && newestUs != UNKNOWN
        ? Math.max(Math.min(videoUs, audioUs), newestUs - maxApartUs)
        : newestUs;
  }

  /** The source comes back: both tracks begin again. */
  void restart() {
    videoUs = UNKNOWN;
    audioUs = UNKNOWN;
  }
}
