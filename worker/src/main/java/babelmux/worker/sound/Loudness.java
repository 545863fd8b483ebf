package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.Collection;

/**
 * The loudness of a piece of audio after ITU-R BS.1770: the power of its weighted channels in steps
 * of 100 ms. Immutable; 60 numbers for 6 s.
 */
public final class Loudness {
  private static final int STEPS_PER_SECOND = 10;
  private static final int STEPS_PER_BLOCK = 4;
  private static final double OFFSET = -0.691;
  private static final double ABSOLUTE_GATE = -70;
  private static final double RELATIVE_GATE = -10;
  private static final double SURROUND = 1.41;
  private static final int LOW_FREQUENCIES = 3;

  private final float[] powers;

  private Loudness(float[] powers) {
    this.powers = powers;
  }

  /** Measures; a millisecond of work for a second of audio at most. Pure. */
  public static Loudness of(Sound sound) {
    int step = Math.max(1, sound.sampleRate() / STEPS_PER_SECOND);
    float[] powers = new float[sound.frames() / step];
    for (int c = 0; c < sound.channelCount(); c++) {
      double weight = weight(c, sound.channelCount());
      if (weight == 0) {
        continue;
      }
      KWeighting filter = new KWeighting(sound.sampleRate());
      float[] channel = sound.channels()[c];
      for (int i = 0; i < powers.length; i++) {
        double sum = 0;
        for (int n = i * step; n < (i + 1) * step; n++) {
          double weighted = filter.next(channel[n]);
          sum += weighted * weighted;
        }
        powers[i] += (float) (weight * sum / step);
      }
    }
    return new Loudness(powers);
  }

  /** FFmpeg's order of channels: FL FR FC LFE, then the surrounds; 5.0 has no LFE. */
  private static double weight(int channel, int channels) {
    if (channels < 5 || channel < LOW_FREQUENCIES) {
      return 1;
    }
    return channels > 5 && channel == LOW_FREQUENCIES ? 0 : SURROUND;
  }

  /**
   * The gated loudness of several pieces together, LUFS.
   *
   * @return negative infinity when all of it is below the gate
   */
  public static double of(Collection<Loudness> pieces) {
    double absolute = mean(pieces, ABSOLUTE_GATE);
    return lufs(mean(pieces, lufs(absolute) + RELATIVE_GATE));
  }

  /** The mean power of the blocks above a gate and above the absolute one. */
  private static double mean(Collection<Loudness> pieces, double gate) {
    double sum = 0;
    int count = 0;
    for (Loudness piece : pieces) {
      for (int i = 0; i + STEPS_PER_BLOCK <= piece.powers.length; i++) {
        double block = 0;
        for (int k = i; k < i + STEPS_PER_BLOCK; k++) {
          block += piece.powers[k] / STEPS_PER_BLOCK;
        }
        if (lufs(block) > Math.max(gate, ABSOLUTE_GATE)) {
          sum += block;
          count++;
        }
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private static double lufs(double power) {
    return OFFSET + Decibels.ofPower(power);
  }
}
