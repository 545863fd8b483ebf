package babelmux.bench;

import java.util.Arrays;
import org.hipparchus.stat.descriptive.rank.Median;

/** A robust line through values over time: Theil and Sen's median of the slopes of all pairs. */
final class Trend {
  private Trend() {}

  /**
   * Growth of a value, in its unit per unit of {@code x}. Nearly a third of the values may be
   * outliers. 0 for fewer than two moments.
   */
  static double slope(double[] x, double[] y) {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = i + 1; j < x.length; j++) {
        if (x[i] != x[j]) {
          slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
      }
    }
    return count == 0 ? 0 : new Median().evaluate(Arrays.copyOf(slopes, count));
  }
}
