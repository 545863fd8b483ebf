package babelmux.app.doctor;

import babelmux.media.AudioClipEncoder;
import babelmux.media.MediaException;
import babelmux.media.Sound;

/**
 * Test fragments: 6 s of tones that come and go as syllables do. It is no speech, so an STS that
 * recognises words may find none in it.
 */
final class SpokenLike {
  static final int HZ = 48_000;
  static final int CHANNELS = 2;
  static final int FRAMES = 6 * HZ;

  /** As the worker encodes a source that is no AAC. */
  static final int BIT_RATE = 128_000;

  private static final double LOUDNESS = 0.25;
  private static final double SYLLABLE_SECONDS = 0.22;
  private static final double PAUSE_SECONDS = 0.11;
  private static final double FADE_SECONDS = 0.02;
  private static final double MIN_PITCH_HZ = 110;
  private static final double PITCH_STEP_HZ = 14;
  private static final int PITCHES = 7;

  private SpokenLike() {}

  /** Fragment as it is sent. Each number has its own melody, so that no answer is a stored one. */
  static byte[] m4a(int number) throws MediaException {
    return AudioClipEncoder.m4a(sound(number), BIT_RATE);
  }

  /** Pure. */
  static Sound sound(int number) {
    float[] samples = new float[FRAMES];
    double period = SYLLABLE_SECONDS + PAUSE_SECONDS;
    double phase = 0;
    for (int n = 0; n < FRAMES; n++) {
      double time = (double) n / HZ;
      int syllable = (int) (time / period);
      double within = time - syllable * period;
      double pitch = MIN_PITCH_HZ + PITCH_STEP_HZ * ((syllable * 3 + number * 5) % PITCHES);
      phase += 2 * Math.PI * pitch / HZ;
      samples[n] = (float) (LOUDNESS * envelope(within) * voice(phase));
    }
    return new Sound(new float[][] {samples, samples.clone()}, HZ);
  }

  private static double envelope(double within) {
    double left = Math.min(within, SYLLABLE_SECONDS - within);
    return Math.max(0, Math.min(1, left / FADE_SECONDS));
  }

  /** A tone with the overtones of a vowel, at most 1. */
  private static double voice(double phase) {
    return (Math.sin(phase)
            + 0.8 * Math.sin(2 * phase)
            + 0.6 * Math.sin(4 * phase)
            + 0.3 * Math.sin(7 * phase))
        / 2.7;
  }
}
