package babelmux.worker.timeline;

import java.util.OptionalLong;

/**
 * Added A/V error of the last packets written: (audio out - audio in) - (video out - video in),
 * each from PTS. Not thread-safe.
 */
public final class AvDelta {
  // Beyond this the tracks stand on both sides of a leap of the source's clock.
  private static final long MAX_US = 10_000_000;

  private boolean hasSound;
  private boolean hasVideo;
  private long soundShiftUs;
  private long videoShiftUs;

  /**
   * Audio was written.
   *
   * @param outUs PTS of the output, microseconds
   * @param inUs PTS that the same audio has in the source, unwrapped, microseconds
   */
  public void sound(long outUs, long inUs) {
    hasSound = true;
    soundShiftUs = outUs - inUs;
  }

  /** A video packet was written; parameters as for audio. */
  public void video(long outUs, long inUs) {
    hasVideo = true;
    videoShiftUs = outUs - inUs;
  }

  /** Microseconds, positive where audio is late; empty while it cannot be told. */
  public OptionalLong us() {
    long delta = soundShiftUs - videoShiftUs;
    return hasSound && hasVideo && Math.abs(delta) <= MAX_US
        ? OptionalLong.of(delta)
        : OptionalLong.empty();
  }
}
