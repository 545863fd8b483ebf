package babelmux.worker.sound;

/**
 * A gain that moves evenly over a slot.
 *
 * @param from the factor at its first sample
 * @param to the factor behind its last one
 */
public record GainRamp(float from, float to) {
  /** No gain. */
  public static final GainRamp NONE = new GainRamp(1f, 1f);

  static GainRamp ofDecibels(double from, double to) {
    return new GainRamp((float) Decibels.toAmplitude(from), (float) Decibels.toAmplitude(to));
  }

  /** The factor at sample {@code n} of {@code frames}. */
  float at(long n, int frames) {
    return from == to ? from : from + (to - from) * n / frames;
  }

  /** The gain at its end, decibels. */
  public double toDecibels() {
    return 20 * Math.log10(to);
  }
}
