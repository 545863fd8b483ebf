package babelmux.worker.sound;

/**
 * The peaks that a converter makes between the samples: four times oversampled, as ITU-R BS.1770
 * wants it. Immutable.
 */
final class TruePeak {
  /** The number of samples on each side of a point that count. */
  static final int REACH = 12;

  private static final int PHASES = 4;
  private static final float[][] TAPS = taps();

  private TruePeak() {}

  /** A sinc under a Hann window, for the three points between two samples. */
  private static float[][] taps() {
    float[][] taps = new float[PHASES - 1][2 * REACH];
    for (int phase = 1; phase < PHASES; phase++) {
      double sum = 0;
      double[] exact = new double[2 * REACH];
      for (int k = 0; k < 2 * REACH; k++) {
        double x = k - (REACH - 1) - (double) phase / PHASES;
        double window = 0.5 + 0.5 * Math.cos(Math.PI * x / REACH);
        exact[k] = window * Math.sin(Math.PI * x) / (Math.PI * x);
        sum += exact[k];
      }
      for (int k = 0; k < 2 * REACH; k++) {
        taps[phase - 1][k] = (float) (exact[k] / sum);
      }
    }
    return taps;
  }

  /**
   * The largest magnitude from sample {@code n} up to the next one.
   *
   * @param samples with {@link #REACH} samples before and behind {@code n}
   */
  static float at(float[] samples, int n) {
    float peak = Math.abs(samples[n]);
    for (float[] phase : TAPS) {
      float sum = 0;
      for (int k = 0; k < phase.length; k++) {
        sum += phase[k] * samples[n - (REACH - 1) + k];
      }
      peak = Math.max(peak, Math.abs(sum));
    }
    return peak;
  }
}
