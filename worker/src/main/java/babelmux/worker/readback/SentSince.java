package babelmux.worker.readback;

import babelmux.media.TrackKind;

/**
 * What left for an output since a moment: a viewer that has connected by then should get it.
 * Thread-safe; {@link #sent} does not block.
 */
public final class SentSince {
  // More than a viewer has to see: it may miss some at either end.
  private static final long MIN_MOVE_US = OutputSight.MIN_MOVE_US + 200_000;

  private final Track video = new Track();
  private final Track audio = new Track();

  private static final class Track {
    private boolean begun;
    private boolean enough;
    private long firstUs;
    private long enoughNanos;

    private void sent(long dtsUs, long nowNanos) {
      if (!begun) {
        begun = true;
        firstUs = dtsUs;
      }
      if (!enough && dtsUs - firstUs >= MIN_MOVE_US) {
        enough = true;
        enoughNanos = nowNanos;
      }
    }

    private boolean isDue(long nowNanos, long allowanceNanos) {
      return enough && nowNanos - enoughNanos >= allowanceNanos;
    }
  }

  /** A packet left. */
  public synchronized void sent(TrackKind kind, boolean key, long dtsUs, long nowNanos) {
    if (kind != TrackKind.VIDEO) {
      audio.sent(dtsUs, nowNanos);
    } else if (key || video.begun) {
      // Viewers get video from a keyframe on.
      video.sent(dtsUs, nowNanos);
    }
  }

  /**
   * Returns whether a viewer should have got a track for half a second by now.
   *
   * @param allowanceNanos the time that a packet may take to the viewer
   */
  public synchronized boolean isDue(TrackKind kind, long nowNanos, long allowanceNanos) {
    return (kind == TrackKind.VIDEO ? video : audio).isDue(nowNanos, allowanceNanos);
  }
}
