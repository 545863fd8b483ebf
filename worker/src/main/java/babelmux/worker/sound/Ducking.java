package babelmux.worker.sound;

/**
 * The bed's gain, sample by sample: it glides between its two levels, evenly in decibels. Has the
 * state of the sample before; one thread.
 */
final class Ducking {
  private final double low;
  private final double high;
  private final double down;
  private final double up;
  private double gain;

  Ducking(BedOptions options, int sampleRate) {
    low = options.levelDb() <= -60 ? 0.001 : Decibels.toAmplitude(options.levelDb());
    high = Decibels.toAmplitude(options.pauseLevelDb());
    down = perSample(low / high, options.attack().toNanos(), sampleRate);
    up = perSample(high / low, options.release().toNanos(), sampleRate);
    gain = high;
  }

  private static double perSample(double ratio, long nanos, int sampleRate) {
    double samples = Math.max(1, nanos * 1e-9 * sampleRate);
    return Math.pow(ratio, 1 / samples);
  }

  /** The bed begins here: it is where it has to be at once. */
  void begin(boolean speech) {
    gain = speech ? low : high;
  }

  /** The gain of the next sample. */
  float next(boolean speech) {
    gain = speech ? Math.max(low, gain * down) : Math.min(high, gain * up);
    return (float) gain;
  }
}
