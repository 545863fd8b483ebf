package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The speech of a dub in steps of 10 ms: its short-time energy with hysteresis. Immutable.
 *
 * <p>What counts as speech goes by the dub itself: above its floor, and not far below its loudest
 * parts; so the hiss of a voice model is no speech, and a soft voice is.
 */
final class SpeechMap {
  private static final int STEPS_PER_SECOND = 100;
  private static final double MIN_DB = -50;
  private static final double ABOVE_FLOOR_DB = 12;
  private static final double BELOW_LOUD_DB = 15;
  private static final double HYSTERESIS_DB = 6;
  // A click is shorter than any sound of speech.
  private static final int MIN_STEPS = 2;
  // Pauses between words are none: the bed must not pump.
  private static final int HOLD_STEPS = 25;

  private final BitSet speech;
  private final int stepSamples;

  private SpeechMap(BitSet speech, int stepSamples) {
    this.speech = speech;
    this.stepSamples = stepSamples;
  }

  /**
   * @param leadMillis how much before speech it is told, so that a bed is down when the first word
   *     comes
   */
  static SpeechMap of(Sound dub, long leadMillis) {
    int step = Math.max(1, dub.sampleRate() / STEPS_PER_SECOND);
    double[] levels = levels(dub, step);
    int lead = (int) Math.ceil(leadMillis * STEPS_PER_SECOND / 1000.0);
    return new SpeechMap(widened(detected(levels), lead), step);
  }

  private static double[] levels(Sound dub, int step) {
    int steps = (dub.frames() + step - 1) / step;
    double[] levels = new double[steps];
    for (int i = 0; i < steps; i++) {
      int from = i * step;
      int to = Math.min(dub.frames(), from + step);
      double loudest = 0;
      for (float[] channel : dub.channels()) {
        double sum = 0;
        for (int n = from; n < to; n++) {
          sum += channel[n] * channel[n];
        }
        loudest = Math.max(loudest, sum / (to - from));
      }
      levels[i] = Decibels.ofPower(loudest + 1e-12);
    }
    return levels;
  }

  private static BitSet detected(double[] levels) {
    BitSet speech = new BitSet();
    if (levels.length == 0) {
      return speech;
    }
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    double floor = sorted[sorted.length / 10];
    double loud = sorted[sorted.length - 1 - sorted.length / 20];
    double on = Math.max(MIN_DB, Math.min(floor + ABOVE_FLOOR_DB, loud - BELOW_LOUD_DB));
    boolean speaking = false;
    int above = 0;
    for (int i = 0; i < levels.length; i++) {
      above = levels[i] >= on ? above + 1 : 0;
      speaking = speaking ? levels[i] >= on - HYSTERESIS_DB : above >= MIN_STEPS;
      if (speaking) {
        // It began where the level rose.
        speech.set(Math.max(0, i + 1 - Math.max(above, 1)), i + 1);
      }
    }
    return speech;
  }

  private static BitSet widened(BitSet speech, int lead) {
    BitSet wide = new BitSet();
    for (int from = speech.nextSetBit(0); from >= 0; ) {
      int to = speech.nextClearBit(from);
      wide.set(Math.max(0, from - lead), to + HOLD_STEPS);
      from = speech.nextSetBit(to);
    }
    return wide;
  }

  /** Returns whether it speaks at sample {@code n}, or is about to, or has just spoken. */
  boolean at(int n) {
    return speech.get(n / stepSamples);
  }
}
