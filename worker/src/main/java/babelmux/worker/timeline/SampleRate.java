package babelmux.worker.timeline;

/**
 * Converts between sample counts and microseconds, rounding to the nearest.
 *
 * @param hz samples per second, 1 to 768,000
 */
public record SampleRate(int hz) {
  private static final long MICROS = 1_000_000;

  public SampleRate {
    if (hz < 1 || hz > 768_000) {
      throw new IllegalArgumentException("a sample rate is 1 to 768000 Hz, not " + hz);
    }
  }

  /** The sample nearest to a time; both may be negative. */
  public long samplesAt(long us) {
    return scale(us, hz, MICROS);
  }

  /** The time of a sample, to the microsecond. */
  public long microsAt(long samples) {
    return scale(samples, MICROS, hz);
  }

  // Whole seconds apart from the rest, so that no product leaves 64 bits within any session's life.
  private static long scale(long value, long multiplier, long divisor) {
    long whole = Math.floorDiv(value, divisor);
    long rest = Math.floorMod(value, divisor);
    return whole * multiplier + (rest * multiplier + divisor / 2) / divisor;
  }
}
