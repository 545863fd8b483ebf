package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import org.jspecify.annotations.Nullable;

/** Takes what a {@link SourceReader} reads, on the reader's thread. */
interface Ingest {
  /** The source has a track of this kind, of which no packet has been read. */
  default void announced(TrackKind kind) {}

  /**
   * A packet was read.
   *
   * @param packet ownership passes to this method
   * @param format its track's, not kept; null when the track is not known, and the packet dropped
   * @param nowNanos when it was read, monotonic clock
   * @return false when the next one has to wait while {@link #isFull()}
   */
  boolean accept(Packet packet, @Nullable TrackFormat format, long nowNanos)
      throws InterruptedException;

  /** The source was lost or has ended: what comes next begins a contiguous run. */
  void sourceLost();

  /** Returns whether the next packet has to wait. Any thread. */
  default boolean isFull() {
    return false;
  }

  /** See {@link DelayLine#isAtMaxBytes}. Any thread. */
  default boolean isAtMaxBytes(boolean before) {
    return false;
  }

  /** Payload bytes that wait. Any thread. */
  default long waitingBytes() {
    return 0;
  }
}
