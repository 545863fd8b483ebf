package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.Arrays;

/**
 * The level of a piece of audio in steps of 10 ms, dBFS, of the loudest channel. Immutable; 600
 * numbers for 6 s.
 *
 * <p>It knows nothing of what is said. Speech is what comes and goes: {@link #speaks}.
 */
public final class Levels {
  /** Steps in a second. */
  static final int STEPS_PER_SECOND = 100;

  /** No speech is below that, dBFS. */
  static final double MIN_DB = -50;

  // A click is shorter than any sound of speech.
  static final int MIN_STEPS = 2;
  // Speech falls by so much between words, and even between syllables; a room does not.
  private static final double PAUSE_DB = 12;
  private static final double LOUD_DB = 6;
  private static final int MIN_BURSTS = 4;
  private static final int MIN_SPEECH_PERCENT = 10;
  private static final int MIN_PAUSE_PERCENT = 10;
  private static final double OTHER_DB = 6;
  private static final int MIN_OTHER_PERCENT = 10;

  private final float[] decibels;

  private Levels(float[] decibels) {
    this.decibels = decibels;
  }

  /** Measures; less than a millisecond of work for 6 s. Pure. */
  public static Levels of(Sound sound) {
    int step = stepSamples(sound.sampleRate());
    int steps = (sound.frames() + step - 1) / step;
    float[] levels = new float[steps];
    for (int i = 0; i < steps; i++) {
      int from = i * step;
      int to = Math.min(sound.frames(), from + step);
      double loudest = 0;
      for (float[] channel : sound.channels()) {
        double sum = 0;
        for (int n = from; n < to; n++) {
          sum += channel[n] * channel[n];
        }
        loudest = Math.max(loudest, sum / (to - from));
      }
      levels[i] = (float) Decibels.ofPower(loudest + 1e-12);
    }
    return new Levels(levels);
  }

  /** Samples in a step. */
  static int stepSamples(int sampleRate) {
    return Math.max(1, sampleRate / STEPS_PER_SECOND);
  }

  int steps() {
    return decibels.length;
  }

  double at(int step) {
    return decibels[step];
  }

  /** The level that a share of the steps does not exceed; of no steps the lowest one there is. */
  double quantile(double share) {
    if (decibels.length == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    float[] sorted = decibels.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
  }

  /** Returns whether nothing in it is loud enough for speech, -50 dBFS, for longer than a click. */
  public boolean isSilent() {
    int above = 0;
    for (float level : decibels) {
      above = level >= MIN_DB ? above + 1 : 0;
      if (above >= MIN_STEPS) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether it sounds like speech: loud enough, in four bursts at least, with pauses of 12
   * dB between them that take a tenth of the time.
   *
   * <p>Noise, hum, applause and music that goes on are none. What comes and goes as words do cannot
   * be told from speech: beeps, drums without anything else, single notes. Speech over music that
   * is less than 12 dB softer is not recognised.
   */
  public boolean speaks() {
    double loud = quantile(0.95);
    if (loud < MIN_DB + LOUD_DB) {
      return false;
    }
    int bursts = 0;
    int speech = 0;
    int pause = 0;
    boolean speaking = false;
    for (float level : decibels) {
      boolean paused = level < Math.max(MIN_DB, loud - PAUSE_DB);
      if (!speaking && level >= loud - LOUD_DB) {
        speaking = true;
        bursts++;
      } else if (paused) {
        speaking = false;
      }
      speech += speaking ? 1 : 0;
      pause += paused ? 1 : 0;
    }
    return bursts >= MIN_BURSTS
        && 100 * speech >= MIN_SPEECH_PERCENT * decibels.length
        && 100 * pause >= MIN_PAUSE_PERCENT * decibels.length;
  }

  /**
   * Returns whether it is another piece of audio, by where it is loud and where it is not: a tenth
   * of the time differs by 6 dB. Two pieces of noise or of one tone are the same.
   */
  public boolean isOther(Levels other) {
    int steps = Math.min(decibels.length, other.decibels.length);
    int different = Math.abs(decibels.length - other.decibels.length);
    for (int i = 0; i < steps; i++) {
      double a = Math.max(MIN_DB, decibels[i]);
      double b = Math.max(MIN_DB, other.decibels[i]);
      different += Math.abs(a - b) > OTHER_DB ? 1 : 0;
    }
    return 100L * different > (long) MIN_OTHER_PERCENT * (steps + different);
  }
}
