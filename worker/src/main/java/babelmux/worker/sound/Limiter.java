package babelmux.worker.sound;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps mixed audio under a peak. It holds one frame back, so that the gain is down before a peak
 * comes; what is not mixed passes bit by bit. Has the state of the frames before; one thread.
 */
public final class Limiter {
  /** -1 dBTP. */
  static final float CEILING = 0.8912509f;

  private static final int LOOKAHEADS_PER_SECOND = 200;
  private static final double RELEASE_SECONDS = 0.1;
  private static final int REACH = TruePeak.REACH;
  // No music has peaks between its samples that are twice as high.
  private static final float WORTH_LOOKING = CEILING / 2;

  private final int channels;
  private final int lookahead;
  private final float release;
  // What is left of the frames before the one that is held back, for the filter and the mean.
  private final float[][] tail;
  private final float[] lastGains;
  private @Nullable Frame held;
  private float gain = 1f;
  private float leastAhead = 1f;
  private long limited;

  /**
   * @param samples {@code samples[c][n]}
   * @param mixed {@code mixed[n]}: 0 where the audio must stay as it is, 1 where it is mixed
   */
  private record Frame(float[][] samples, float[] mixed) {
    int length() {
      return mixed.length;
    }
  }

  public Limiter(int sampleRate, int channels) {
    this.channels = channels;
    this.lookahead = sampleRate / LOOKAHEADS_PER_SECOND;
    this.release = (float) (1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate)));
    this.tail = new float[channels][REACH];
    this.lastGains = new float[lookahead];
    Arrays.fill(lastGains, 1f);
  }

  /**
   * The next frame; the arrays are the limiter's until they come back.
   *
   * @param samples {@code samples[c][n]}, at least 10 ms unless it is the last one
   * @param mixed {@code mixed[n]}: 0 where the audio must stay as it is, 1 where it is mixed,
   *     between where one fades into the other
   * @return the frame before, limited in place; null the first time
   */
  public float @Nullable [][] next(float[][] samples, float[] mixed) {
    Frame frame = new Frame(samples, mixed);
    Frame ready = held;
    held = frame;
    return ready == null ? null : limited(ready, frame);
  }

  /** The frame that is held back, limited; null when there is none. */
  public float @Nullable [][] rest() {
    Frame ready = held;
    held = null;
    return ready == null ? null : limited(ready, new Frame(new float[channels][0], new float[0]));
  }

  /** Samples at which the gain was below 1, since the start. */
  public long limitedSamples() {
    return limited;
  }

  private float[][] limited(Frame frame, Frame ahead) {
    if (gain < 1f || peak(frame) > WORTH_LOOKING || peak(ahead) > WORTH_LOOKING) {
      float[][] around = new float[channels][];
      for (int c = 0; c < channels; c++) {
        around[c] = joined(tail[c], frame.samples()[c], ahead.samples()[c]);
      }
      float[] gains = gains(needed(around, frame, ahead), frame.length());
      keepTail(frame);
      apply(frame, gains);
    } else {
      keepTail(frame);
      Arrays.fill(lastGains, 1f);
    }
    return frame.samples();
  }

  private static float peak(Frame frame) {
    float peak = 0;
    for (float[] channel : frame.samples()) {
      for (int n = 0; n < channel.length; n++) {
        if (frame.mixed()[n] > 0) {
          peak = Math.max(peak, Math.abs(channel[n]));
        }
      }
    }
    return peak;
  }

  /** The tail, the frame, what comes, and silence for the filter to reach into. */
  private static float[] joined(float[] tail, float[] frame, float[] ahead) {
    float[] all = new float[tail.length + frame.length + ahead.length + REACH];
    System.arraycopy(tail, 0, all, 0, tail.length);
    System.arraycopy(frame, 0, all, tail.length, frame.length);
    System.arraycopy(ahead, 0, all, tail.length + frame.length, ahead.length);
    return all;
  }

  private void keepTail(Frame frame) {
    for (int c = 0; c < channels; c++) {
      float[] samples = frame.samples()[c];
      int keep = Math.min(REACH, samples.length);
      System.arraycopy(tail[c], keep, tail[c], 0, REACH - keep);
      System.arraycopy(samples, samples.length - keep, tail[c], REACH - keep, keep);
    }
  }

  /** The gain that each sample needs for itself, for the frame and the lookahead behind it. */
  private float[] needed(float[][] around, Frame frame, Frame ahead) {
    float[] needed = new float[frame.length() + lookahead];
    Arrays.fill(needed, 1f);
    int known = Math.min(needed.length, frame.length() + ahead.length());
    for (int n = 0; n < known; n++) {
      float mixed = n < frame.length() ? frame.mixed()[n] : ahead.mixed()[n - frame.length()];
      if (mixed > 0) {
        for (float[] channel : around) {
          float peak = TruePeak.at(channel, REACH + n);
          if (peak > CEILING) {
            needed[n] = Math.min(needed[n], CEILING / peak);
          }
        }
      }
    }
    return needed;
  }

  /**
   * The least gain of the lookahead, let up slowly, and of that the mean over the lookahead before:
   * it glides down and is there when the peak comes.
   */
  private float[] gains(float[] needed, int length) {
    float[] steps = Arrays.copyOf(lastGains, lookahead + length);
    for (int n = 0; n < length; n++) {
      float least = least(needed, n);
      gain = Math.min(least, gain + (1f - gain) * release);
      if (gain > 0.99999f) {
        gain = Math.min(least, 1f);
      }
      steps[lookahead + n] = gain;
    }
    float[] gains = new float[length];
    double sum = 0;
    for (int k = 0; k < lookahead; k++) {
      sum += steps[k];
    }
    for (int n = 0; n < length; n++) {
      sum += steps[lookahead + n];
      gains[n] = (float) Math.min(1, sum / (lookahead + 1));
      sum -= steps[n];
    }
    System.arraycopy(steps, length, lastGains, 0, lookahead);
    return gains;
  }

  /** Peaks are rare: most of the time there is nothing in the lookahead. */
  private float least(float[] needed, int n) {
    int end = Math.min(needed.length, n + lookahead + 1);
    boolean leaves = leastAhead < 1f && needed[Math.max(0, n - 1)] <= leastAhead;
    if (n == 0 || leaves || needed[end - 1] < leastAhead) {
      leastAhead = 1f;
      for (int k = n; k < end; k++) {
        leastAhead = Math.min(leastAhead, needed[k]);
      }
    }
    return leastAhead;
  }

  private void apply(Frame frame, float[] gains) {
    for (int n = 0; n < gains.length; n++) {
      float mixed = frame.mixed()[n];
      if (mixed > 0 && gains[n] < 1f) {
        limited++;
        float factor = 1f - mixed * (1f - gains[n]);
        for (float[] channel : frame.samples()) {
          channel[n] *= factor;
        }
      }
    }
  }
}
