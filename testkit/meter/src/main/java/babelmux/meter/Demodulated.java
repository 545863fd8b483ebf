package babelmux.meter;

/**
 * A stretch of sound multiplied by a complex tone and summed up: the amplitude and the phase of
 * that tone in any part of it cost two look-ups. Times are in samples from the start of the
 * stretch, the phase is relative to it.
 */
final class Demodulated {
  private final double[] re;
  private final double[] im;

  Demodulated(float[] sound, int from, int to, double hz, int rate) {
    int length = to - from;
    re = new double[length + 1];
    im = new double[length + 1];
    double step = 2 * Math.PI * hz / rate;
    for (int i = 0; i < length; i++) {
      re[i + 1] = re[i] + sound[from + i] * Math.cos(step * i);
      im[i + 1] = im[i] - sound[from + i] * Math.sin(step * i);
    }
  }

  int length() {
    return re.length - 1;
  }

  /** Amplitude of the tone from sample {@code from} to before {@code to}; 1 is full scale. */
  double amplitude(int from, int to) {
    int a = clamp(from);
    int b = clamp(to);
    return b <= a ? 0 : 2 * Math.hypot(re[b] - re[a], im[b] - im[a]) / (b - a);
  }

  /** Phase of the tone in radians, -pi..pi. */
  double phase(int from, int to) {
    int a = clamp(from);
    int b = clamp(to);
    return Math.atan2(im[b] - im[a], re[b] - re[a]);
  }

  private int clamp(int at) {
    return Math.max(0, Math.min(length(), at));
  }

  /** A difference of phases, brought to -pi..pi. */
  static double wrapped(double phase) {
    return Math.IEEEremainder(phase, 2 * Math.PI);
  }
}
