package babelmux.worker.sound;

/**
 * The K-weighting of ITU-R BS.1770 for one channel at any rate: a shelf for the head, a high-pass
 * for low hum. Has the state of the samples before; one thread.
 */
final class KWeighting {
  // The analogue filters that give the recommendation's coefficients at 48 kHz.
  private static final double SHELF_HZ = 1681.974450955533;
  private static final double SHELF_DB = 3.999843853973347;
  private static final double SHELF_Q = 0.7071752369554196;
  private static final double PASS_HZ = 38.13547087602444;
  private static final double PASS_Q = 0.5003270373238773;
  private static final double BAND_EXPONENT = 0.4996667741545416;

  private final Section shelf;
  private final Section pass;

  KWeighting(int sampleRate) {
    shelf = shelf(sampleRate);
    pass = pass(sampleRate);
  }

  double next(double sample) {
    return pass.next(shelf.next(sample));
  }

  private static Section shelf(int sampleRate) {
    double k = Math.tan(Math.PI * SHELF_HZ / sampleRate);
    double high = Decibels.toAmplitude(SHELF_DB);
    double band = Math.pow(high, BAND_EXPONENT);
    double a0 = 1 + k / SHELF_Q + k * k;
    return new Section(
        (high + band * k / SHELF_Q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / SHELF_Q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / SHELF_Q + k * k) / a0);
  }

  private static Section pass(int sampleRate) {
    double k = Math.tan(Math.PI * PASS_HZ / sampleRate);
    double a0 = 1 + k / PASS_Q + k * k;
    return new Section(1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / PASS_Q + k * k) / a0);
  }

  /** A biquad, transposed direct form II. */
  private static final class Section {
    private final double b0;
    private final double b1;
    private final double b2;
    private final double a1;
    private final double a2;
    private double s1;
    private double s2;

    Section(double b0, double b1, double b2, double a1, double a2) {
      this.b0 = b0;
      this.b1 = b1;
      this.b2 = b2;
      this.a1 = a1;
      this.a2 = a2;
    }

    double next(double x) {
      double y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      return y;
    }
  }
}
