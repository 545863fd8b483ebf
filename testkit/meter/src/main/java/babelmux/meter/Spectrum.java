package babelmux.meter;

/** Finds the strongest frequency of a sound by a Fourier transform (radix 2, Hann window). */
final class Spectrum {
  private static final int MAX_SIZE = 1 << 16;

  private Spectrum() {}

  /** The peak of the middle of a range, at most 65,536 samples of it, between bins. */
  static double peakHz(float[] sound, int from, int to, int rate) {
    int size = Math.min(MAX_SIZE, Integer.highestOneBit(to - from));
    int start = from + (to - from - size) / 2;
    double[] re = new double[size];
    double[] im = new double[size];
    for (int i = 0; i < size; i++) {
      re[i] = sound[start + i] * (1 - Math.cos(2 * Math.PI * i / size));
    }
    transform(re, im);
    int peak = 1;
    for (int bin = 2; bin < size / 2 - 1; bin++) {
      if (Math.hypot(re[bin], im[bin]) > Math.hypot(re[peak], im[peak])) {
        peak = bin;
      }
    }
    double before = Math.hypot(re[peak - 1], im[peak - 1]);
    double at = Math.hypot(re[peak], im[peak]);
    double after = Math.hypot(re[peak + 1], im[peak + 1]);
    double shift = at == 0 ? 0 : (after - before) / (2 * (2 * at - before - after) + 1e-30);
    return (peak + Math.max(-0.5, Math.min(0.5, shift))) * rate / size;
  }

  /**
   * Levels from 0 Hz to half the rate around some samples, 0 for a sine of full scale; silence
   * where there are none.
   *
   * @param size a power of two
   */
  static double[] decibels(float[] sound, int from, int size) {
    double[] re = new double[size];
    double[] im = new double[size];
    for (int i = 0; i < size; i++) {
      int at = from + i;
      double value = at >= 0 && at < sound.length ? sound[at] : 0;
      re[i] = value * (1 - Math.cos(2 * Math.PI * i / size));
    }
    transform(re, im);
    double[] decibels = new double[size / 2];
    for (int bin = 0; bin < decibels.length; bin++) {
      double amplitude = 2 * Math.hypot(re[bin], im[bin]) / size;
      decibels[bin] = 20 * Math.log10(Math.max(1e-9, amplitude));
    }
    return decibels;
  }

  private static void transform(double[] re, double[] im) {
    int size = re.length;
    for (int i = 1, j = 0; i < size; i++) {
      int bit = size >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int length = 2; length <= size; length <<= 1) {
      butterflies(re, im, length);
    }
  }

  private static void butterflies(double[] re, double[] im, int length) {
    int half = length / 2;
    for (int k = 0; k < half; k++) {
      double cos = Math.cos(-2 * Math.PI * k / length);
      double sin = Math.sin(-2 * Math.PI * k / length);
      for (int a = k; a < re.length; a += length) {
        int b = a + half;
        double re2 = re[b] * cos - im[b] * sin;
        double im2 = re[b] * sin + im[b] * cos;
        re[b] = re[a] - re2;
        im[b] = im[a] - im2;
        re[a] += re2;
        im[a] += im2;
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
