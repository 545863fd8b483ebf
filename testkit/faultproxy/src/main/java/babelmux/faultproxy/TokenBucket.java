package babelmux.faultproxy;

/** Token bucket: computes how many bytes may leave now, for a rate. Not thread-safe. */
final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;
  // Portions of 20 ms, and no more than 100 ms at once after a pause.
  private static final double PORTIONS_PER_SECOND = 50.0;
  private static final double BURSTS_PER_SECOND = 10.0;

  private double bytesPerSecond;
  private double allowance;
  private long filledAtNanos;

  /**
   * @param rate bytes per second; 0 for no limit
   * @return how many bytes may leave; 0 until a portion may
   */
  int allowed(double rate, long nowNanos) {
    if (rate != bytesPerSecond) {
      bytesPerSecond = rate;
      allowance = 0;
      filledAtNanos = nowNanos;
    }
    if (rate == 0) {
      return Integer.MAX_VALUE;
    }
    double earned = (nowNanos - filledAtNanos) * rate / NANOS_PER_SECOND;
    allowance = Math.min(allowance + earned, Math.max(portion(), rate / BURSTS_PER_SECOND));
    filledAtNanos = nowNanos;
    return allowance < portion() ? 0 : (int) Math.min(allowance, Integer.MAX_VALUE);
  }

  void sent(int bytes) {
    allowance -= bytes;
  }

  /** When the next portion may leave. */
  long nextNanos(long nowNanos) {
    double missing = portion() - allowance;
    return nowNanos + (long) Math.ceil(missing * NANOS_PER_SECOND / bytesPerSecond);
  }

  private double portion() {
    return Math.max(1, bytesPerSecond / PORTIONS_PER_SECOND);
  }
}
