package babelmux.worker.session;

import babelmux.media.Sound;
import java.util.Arrays;

/** Makes a dub as long as its slot. Pure. */
final class Fit {
  /** A dub more than this many times as long as its slot is no dub of it. */
  static final double ABSURD = 3.0;

  private static final double INAUDIBLE = 0.01;
  private static final int CODEC_SURPLUS = 2048;

  /**
   * @param sound exactly as long as the slot
   * @param action what was done
   */
  record Fitted(Sound sound, FitAction action) {}

  private Fit() {}

  /** Whether a dub of this length cannot be a dub of the slot. */
  static boolean isAbsurd(int dubFrames, int slotFrames) {
    return dubFrames == 0 || dubFrames > ABSURD * slotFrames;
  }

  /**
   * @param dub not empty, at the session's rate and channels
   * @param slotFrames samples
   */
  static Fitted fit(Sound dub, int slotFrames) {
    int frames = dub.frames();
    if (frames == slotFrames) {
      return new Fitted(dub, FitAction.EXACT);
    }
    if (frames < slotFrames) {
      return new Fitted(resized(dub, slotFrames), FitAction.PADDED);
    }
    // A codec's last frame reaches over the end; that is no part of the dub.
    boolean inaudible =
        frames - slotFrames <= Math.max(CODEC_SURPLUS, (int) (slotFrames * INAUDIBLE));
    Sound cut = resized(dub, slotFrames);
    if (!inaudible) {
      Fades.out(cut, dub.sampleRate() / 20);
    }
    return new Fitted(cut, inaudible ? FitAction.TRIMMED : FitAction.CUT);
  }

  private static Sound resized(Sound sound, int frames) {
    float[][] out = new float[sound.channelCount()][];
    for (int c = 0; c < out.length; c++) {
      out[c] = Arrays.copyOf(sound.channels()[c], frames);
    }
    return new Sound(out, sound.sampleRate());
  }
}
