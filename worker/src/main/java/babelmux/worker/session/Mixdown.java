package babelmux.worker.session;

import babelmux.worker.sound.Limiter;
import babelmux.worker.timeline.SampleRate;
import org.jspecify.annotations.Nullable;

/**
 * Original and dubs become what the encoder gets. Where anything is mixed, the peaks are limited,
 * and for that one frame is held back. One thread.
 */
final class Mixdown {
  private final DubTimeline dubs;
  private final @Nullable Limiter limiter;
  private final SampleRate rate;
  private final DubListener listener;
  private long limitedUs;
  private boolean untouched;

  /**
   * @param limiter null when a dub is only ever put in the original's place
   */
  Mixdown(DubTimeline dubs, @Nullable Limiter limiter, SampleRate rate, DubListener listener) {
    this.dubs = dubs;
    this.limiter = limiter;
    this.rate = rate;
    this.listener = listener;
  }

  /**
   * The next frame.
   *
   * @param original {@code original[c][n]}; given away
   * @param startSample on the session's count
   * @param heard samples of it that belong to the source's time, the rest is silence
   * @param share how much of the dubs is heard
   * @return a frame that is ready: this one, or the one before, or null
   */
  float @Nullable [][] next(float[][] original, long startSample, int heard, DubShare share) {
    float[] mixed = new float[original[0].length];
    dubs.mix(original, mixed, startSample, heard, share);
    untouched = limiter == null && isZero(mixed);
    if (limiter == null) {
      return original;
    }
    float[][] ready = limiter.next(original, mixed);
    tell(limiter);
    return ready;
  }

  /** Returns whether the frame that was ready last is the original as it was given. */
  boolean isUntouched() {
    return untouched;
  }

  private static boolean isZero(float[] mixed) {
    for (float each : mixed) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private void tell(Limiter limiter) {
    long us = rate.microsAt(limiter.limitedSamples());
    if (us > limitedUs) {
      listener.limited(us - limitedUs);
      limitedUs = us;
    }
  }

  /** Frames that have to follow one before it is ready. */
  int heldFrames() {
    return limiter == null ? 0 : 1;
  }

  /** The frame that is held back; null when there is none. */
  float @Nullable [][] rest() {
    if (limiter == null) {
      return null;
    }
    float[][] ready = limiter.rest();
    tell(limiter);
    return ready;
  }
}
