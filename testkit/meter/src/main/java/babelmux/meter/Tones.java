package babelmux.meter;

import java.util.Arrays;

/**
 * Measures tones in a sound. Ranges are samples, from the first to before the last; a range outside
 * of the sound is an IllegalArgumentException.
 */
public final class Tones {
  /** About the length of the window by which the edges of a tone are found. */
  private static final double WINDOW_SECONDS = 0.01;

  /**
   * A tone.
   *
   * @param frequencyHz to about a hundredth of a Hz in a second of sound
   * @param level amplitude, 1 is full scale
   */
  public record Tone(double frequencyHz, double level) {}

  /**
   * Range in which a tone sounds without a break.
   *
   * @param from its first sample, to a tenth of a millisecond where it begins abruptly; amid a
   *     fade: where it is at half its level
   * @param to the sample after its last one
   */
  public record Span(int from, int to) {}

  /**
   * Purity of a continuous tone.
   *
   * @param thdPlusNoiseDb everything but the tone over the tone; a phase that breaks counts as
   *     noise
   * @param slipSamples how many samples are missing (above 0) or extra (below 0) between the
   *     range's ends, within half a period of the tone
   * @param largestStep the largest step from sample to sample over the largest that the pure tone
   *     takes: 1 is clean
   * @param largestStepAt the sample after that step
   */
  public record Purity(
      double thdPlusNoiseDb, double slipSamples, double largestStep, int largestStepAt) {}

  /**
   * A tone around one moment at which two pieces of sound may have been joined. What lies within 10
   * ms on either side is not asked for the tone itself, but what differs from it there is a click.
   *
   * @param sample the moment
   * @param slipSamples samples missing (above 0) or extra (below 0) between the two sides, within
   *     half a period of the tone
   * @param levelStepDb level behind it over the level before it
   * @param residualDb the largest deviation from the tone within 10 ms, over the tone's amplitude
   * @param residualAt the sample with that deviation
   * @param largestStep the largest step from sample to sample within 10 ms over the largest that
   *     the pure tone takes: 1 is clean
   */
  public record Joint(
      int sample,
      double slipSamples,
      double levelStepDb,
      double residualDb,
      int residualAt,
      double largestStep) {}

  private static final double SIDE_SECONDS = 0.1;
  private static final double JOINT_SECONDS = 0.01;

  private final float[] sound;
  private final int rate;

  private Tones(float[] sound, int rate) {
    this.sound = sound;
    this.rate = rate;
  }

  /** Looks at the mean of all channels. */
  public static Tones of(Sound sound) {
    return new Tones(sound.mono(), sound.rate());
  }

  /** Looks at one channel. */
  public static Tones of(Sound sound, int channel) {
    return new Tones(sound.channel(channel), sound.rate());
  }

  /** The strongest tone of a range of at least 20 ms. */
  public Tone dominant(int from, int to) {
    check(from, to);
    double hz = Spectrum.peakHz(sound, from, to, rate);
    int longest = (to - from) / 2;
    for (int half = rate / 100; ; half = Math.min(4 * half, longest)) {
      hz = turned(from + longest, half, hz);
      if (half == longest) {
        break;
      }
    }
    return new Tone(hz, tone(from, to, hz).amplitude(0, to - from));
  }

  /**
   * The longest stretch of a range in which a tone of this frequency sounds; of no length if it
   * never does.
   */
  public Span span(double hz, int from, int to) {
    check(from, to);
    Demodulated tone = tone(from, to, hz);
    // Whole periods: the level does not depend on where in the cycle the window begins.
    double periods = Math.max(1, Math.round(WINDOW_SECONDS * hz));
    int half = (int) Math.round(periods / hz * rate / 2);
    int length = to - from;
    double[] level = new double[length];
    for (int i = 0; i < length; i++) {
      // Beyond the range the tone counts as absent, so that an edge at the range's end is found
      // where it is.
      int inside = Math.min(length, i + half) - Math.max(0, i - half);
      level[i] = tone.amplitude(i - half, i + half) * inside / (2 * half);
    }
    double[] sorted = level.clone();
    Arrays.sort(sorted);
    double loudest = sorted[length - 1];
    int sounding = 0;
    while (sorted[sounding] < loudest / 2) {
      sounding++;
    }
    // The usual level where the tone sounds, not the greatest: single windows stand out where a
    // cycle ends in them.
    double full = sorted[(sounding + length) / 2];
    return longest(level, full / 2, from);
  }

  private static Span longest(double[] level, double limit, int from) {
    Span best = new Span(from, from);
    int start = -1;
    for (int i = 0; i <= level.length; i++) {
      boolean sounds = i < level.length && limit > 0 && level[i] >= limit;
      if (sounds && start < 0) {
        start = i;
      } else if (!sounds && start >= 0) {
        if (i - start > best.to - best.from) {
          best = new Span(from + start, from + i);
        }
        start = -1;
      }
    }
    return best;
  }

  /**
   * Measures how clean a tone of exactly this frequency is throughout a range of at least 20 ms.
   */
  public Purity purity(double hz, int from, int to) {
    check(from, to);
    int length = to - from;
    Demodulated tone = tone(from, to, hz);
    double amplitude = tone.amplitude(0, length);
    double phase = tone.phase(0, length);
    double step = 2 * Math.PI * hz / rate;
    double mean = 0;
    for (int i = from; i < to; i++) {
      mean += sound[i];
    }
    mean /= length;
    double rest = 0;
    double steepest = 0;
    int steepestAt = from;
    for (int i = 0; i < length; i++) {
      double pure = amplitude * Math.cos(step * i + phase);
      double error = sound[from + i] - mean - pure;
      rest += error * error;
      double rise = i == 0 ? 0 : Math.abs(sound[from + i] - sound[from + i - 1]);
      if (rise > steepest) {
        steepest = rise;
        steepestAt = from + i;
      }
    }
    double decibels = 10 * Math.log10(rest / length / (amplitude * amplitude / 2));
    int edge = Math.max(length / 10, rate / 100);
    double turn =
        Demodulated.wrapped(
            tone.phase(length - edge, length) - tone.phase(0, Math.min(edge, length)));
    double own = 2 * amplitude * Math.sin(Math.PI * hz / rate);
    return new Purity(decibels, turn / step, steepest / own, steepestAt);
  }

  /**
   * Looks for what a joint in a tone of exactly this frequency leaves behind.
   *
   * @param at the joint, at least 110 ms away from either end of the sound
   */
  public Joint joint(double hz, int at) {
    int side = (int) (SIDE_SECONDS * rate);
    int edge = (int) (JOINT_SECONDS * rate);
    int from = at - edge - side;
    check(from, at + edge + side);
    Demodulated tone = tone(from, at + edge + side, hz);
    double step = 2 * Math.PI * hz / rate;
    double before = tone.phase(0, side);
    double after = tone.phase(side + 2 * edge, tone.length());
    double levelBefore = tone.amplitude(0, side);
    double levelAfter = tone.amplitude(side + 2 * edge, tone.length());
    double amplitude = Math.max(levelBefore, levelAfter);
    double worst = 0;
    int worstAt = at;
    double steepest = 0;
    for (int i = at - edge; i < at + edge; i++) {
      int n = i - from;
      double left = levelBefore * Math.cos(step * n + before);
      double right = levelAfter * Math.cos(step * n + after);
      // The better of the two: what continues either side is no click.
      double deviation = Math.min(Math.abs(sound[i] - left), Math.abs(sound[i] - right));
      if (deviation > worst) {
        worst = deviation;
        worstAt = i;
      }
      steepest = Math.max(steepest, Math.abs(sound[i] - sound[i - 1]));
    }
    return new Joint(
        at,
        Demodulated.wrapped(after - before) / step,
        20 * Math.log10(levelAfter / levelBefore),
        20 * Math.log10(worst / amplitude),
        worstAt,
        steepest / (2 * amplitude * Math.sin(Math.PI * hz / rate)));
  }

  /** Rest of a range when the tone is taken away, as it was in the 0.1 s before it. */
  double[] residual(double hz, int from, int to) {
    int side = (int) (SIDE_SECONDS * rate);
    int begin = Math.max(0, from - side);
    check(begin, to);
    Demodulated tone = tone(begin, to, hz);
    double amplitude = tone.amplitude(0, from - begin);
    double phase = tone.phase(0, from - begin);
    double step = 2 * Math.PI * hz / rate;
    double[] rest = new double[to - from];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = sound[from + i] - amplitude * Math.cos(step * (from - begin + i) + phase);
    }
    return rest;
  }

  private double turned(int centre, int half, double nearHz) {
    Demodulated tone = tone(centre - half, centre + half, nearHz);
    double turn = Demodulated.wrapped(tone.phase(half, 2 * half) - tone.phase(0, half));
    return nearHz + turn / (2 * Math.PI) * rate / half;
  }

  private Demodulated tone(int from, int to, double hz) {
    return new Demodulated(sound, from, to, hz, rate);
  }

  private void check(int from, int to) {
    if (from < 0 || to > sound.length || to - from < rate / 50) {
      throw new IllegalArgumentException(
          "range " + from + ".." + to + ": expected at least 20 ms within 0.." + sound.length);
    }
  }
}
