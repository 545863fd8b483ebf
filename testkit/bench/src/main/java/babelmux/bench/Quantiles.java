package babelmux.bench;

import java.util.Arrays;

/**
 * Quantiles of a sample, by nearest rank: always values that were measured.
 *
 * @param p50 half of them are at most this
 * @param max the largest
 */
record Quantiles(double p50, double p95, double p99, double max) {

  /**
   * @throws IllegalArgumentException without values
   */
  static Quantiles of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(
        rank(sorted, 0.5), rank(sorted, 0.95), rank(sorted, 0.99), sorted[sorted.length - 1]);
  }

  private static double rank(double[] sorted, double quantile) {
    return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
  }
}
