package babelmux.worker.sound;

import babelmux.media.Sound;

/**
 * Raised-cosine fades: two complementary ones add up to 1, so a signal that fades into itself does
 * not change.
 */
public final class Fades {
  private Fades() {}

  /** The gain of a fade-in at sample {@code n} of {@code length}: 0 before it, 1 behind it. */
  public static float in(long n, int length) {
    if (n < 0) {
      return 0f;
    }
    if (n >= length) {
      return 1f;
    }
    return (float) (0.5 - 0.5 * Math.cos(Math.PI * (n + 0.5) / length));
  }

  /** Fades the last {@code length} samples out, in place. */
  static void out(Sound sound, int length) {
    int fade = Math.min(length, sound.frames());
    int from = sound.frames() - fade;
    for (float[] channel : sound.channels()) {
      for (int n = 0; n < fade; n++) {
        channel[from + n] *= 1f - in(n, fade);
      }
    }
  }
}
