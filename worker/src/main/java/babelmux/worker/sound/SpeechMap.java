package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The speech of a dub in steps of 10 ms: its short-time energy with hysteresis. Immutable.
 *
 * <p>What counts as speech goes by the dub itself: above its floor, and not far below its loudest
 * parts; so the hiss of a voice model is no speech, and a soft voice is.
 */
final class SpeechMap {
  private static final double ABOVE_FLOOR_DB = 12;
  private static final double BELOW_LOUD_DB = 15;
  private static final double HYSTERESIS_DB = 6;
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
    int lead = (int) Math.ceil(leadMillis * Levels.STEPS_PER_SECOND / 1000.0);
    return new SpeechMap(
        widened(detected(Levels.of(dub)), lead), Levels.stepSamples(dub.sampleRate()));
  }

  private static BitSet detected(Levels levels) {
    BitSet speech = new BitSet();
    double floor = levels.quantile(0.1);
    double loud = levels.quantile(0.95);
    double on = Math.max(Levels.MIN_DB, Math.min(floor + ABOVE_FLOOR_DB, loud - BELOW_LOUD_DB));
    boolean speaking = false;
    int above = 0;
    for (int i = 0; i < levels.steps(); i++) {
      above = levels.at(i) >= on ? above + 1 : 0;
      speaking = speaking ? levels.at(i) >= on - HYSTERESIS_DB : above >= Levels.MIN_STEPS;
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

  /**
   * Its stretches of speech, without what is added behind each.
   *
   * @param sound what it was made of
   */
  List<SpeechSpan> spans(Sound sound) {
    long stepUs = stepSamples * 1_000_000L / sound.sampleRate();
    long endUs = sound.frames() * 1_000_000L / sound.sampleRate();
    List<SpeechSpan> spans = new ArrayList<>();
    for (int from = speech.nextSetBit(0); from >= 0; ) {
      int to = speech.nextClearBit(from);
      spans.add(new SpeechSpan(from * stepUs, Math.min(endUs, (to - HOLD_STEPS) * stepUs)));
      from = speech.nextSetBit(to);
    }
    return spans;
  }

  /** Returns whether it speaks at sample {@code n}, or is about to, or has just spoken. */
  boolean at(int n) {
    return speech.get(n / stepSamples);
  }
}
