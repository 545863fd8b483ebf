package babelmux.worker.sound;

import babelmux.media.Sound;

/** Sounds whose every sample is known. */
final class Tones {
  private Tones() {}

  /** A sine of 1 kHz at half of full scale. */
  static float at(long n, int rate) {
    return (float) (0.5 * Math.sin(2 * Math.PI * 1000 * n / rate));
  }

  /** The same sine on every channel, {@code gain} times as loud. */
  static Sound tone(int frames, int rate, int channels, float gain) {
    float[][] out = new float[channels][frames];
    for (float[] channel : out) {
      for (int n = 0; n < frames; n++) {
        channel[n] = gain * at(n, rate);
      }
    }
    return new Sound(out, rate);
  }

  /** Rising zero crossings per second between two samples of the first channel. */
  static double hertz(Sound sound, int from, int to) {
    float[] samples = sound.channels()[0];
    int rising = 0;
    for (int n = from + 1; n < to; n++) {
      if (samples[n - 1] < 0 && samples[n] >= 0) {
        rising++;
      }
    }
    return rising * (double) sound.sampleRate() / (to - from);
  }

  /** The largest step from one sample to the next, over all channels. */
  static float steepest(Sound sound) {
    float steepest = 0;
    for (float[] channel : sound.channels()) {
      for (int n = 1; n < channel.length; n++) {
        steepest = Math.max(steepest, Math.abs(channel[n] - channel[n - 1]));
      }
    }
    return steepest;
  }
}
