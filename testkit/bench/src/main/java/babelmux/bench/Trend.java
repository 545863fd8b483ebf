package babelmux.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.descriptive.rank.Median;

/** A robust line through values over time: Theil and Sen's median of the slopes of all pairs. */
final class Trend {
  /**
   * A slope and the bounds of its confidence interval, in the value's unit per unit of {@code x}.
   *
   * @param low minus infinity when there are too few values for a bound
   * @param high infinity when there are too few values for a bound
   */
  record Interval(double low, double slope, double high) {}

  private Trend() {}

  /**
   * Growth of a value, in its unit per unit of {@code x}. Nearly a third of the values may be
   * outliers. 0 for fewer than two moments.
   */
  static double slope(double[] x, double[] y) {
    double[] slopes = slopes(x, y);
    return slopes.length == 0 ? 0 : new Median().evaluate(slopes);
  }

  /**
   * Theil-Sen slope with Sen's confidence interval: P. K. Sen, "Estimates of the Regression
   * Coefficient Based on Kendall's Tau", JASA 63 (1968) 1379-1389; the variance of Kendall's S with
   * ties in y as in R. O. Gilbert, "Statistical Methods for Environmental Pollution Monitoring"
   * (1987), section 16.4. Of N slopes in order, the bounds are those of rank (N - C) / 2 and (N +
   * C) / 2 + 1, where C = z sqrt(Var S). Values are taken to be independent: where neighbours
   * resemble each other the interval is too narrow.
   *
   * @param confidence between 0 and 1, such as 0.95
   */
  static Interval interval(double[] x, double[] y, double confidence) {
    double[] slopes = slopes(x, y);
    if (slopes.length == 0) {
      return new Interval(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
    }
    Arrays.sort(slopes);
    double z = new NormalDistribution().inverseCumulativeProbability((1 + confidence) / 2);
    double width = z * Math.sqrt(variance(y));
    int low = (int) Math.floor((slopes.length - width) / 2) - 1;
    int high = (int) Math.ceil((slopes.length + width) / 2);
    return new Interval(
        low < 0 ? Double.NEGATIVE_INFINITY : slopes[low],
        new Median().evaluate(slopes),
        high >= slopes.length ? Double.POSITIVE_INFINITY : slopes[high]);
  }

  /** Variance of Kendall's S, less what equal values take away. */
  private static double variance(double[] y) {
    Map<Double, Integer> ties = new HashMap<>();
    for (double value : y) {
      ties.merge(value, 1, Integer::sum);
    }
    double less = ties.values().stream().mapToDouble(Trend::term).sum();
    return (term(y.length) - less) / 18;
  }

  private static double term(int n) {
    return (double) n * (n - 1) * (2.0 * n + 5);
  }

  private static double[] slopes(double[] x, double[] y) {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = i + 1; j < x.length; j++) {
        if (x[i] != x[j]) {
          slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
      }
    }
    return Arrays.copyOf(slopes, count);
  }
}
