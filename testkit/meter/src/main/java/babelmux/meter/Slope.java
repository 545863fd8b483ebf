package babelmux.meter;

import java.util.Arrays;

/** Growth of a quantity: the slope of the least-squares line through its values. */
final class Slope {
  private static final double HOUR_US = 3_600e6;

  private Slope() {}

  /**
   * In milliseconds an hour; 0 for fewer than two moments.
   *
   * @param atUs when each value was taken
   * @param valuesUs the values
   */
  static double msPerHour(long[] atUs, long[] valuesUs) {
    double meanAt = Arrays.stream(atUs).average().orElse(0);
    double meanValue = Arrays.stream(valuesUs).average().orElse(0);
    double together = 0;
    double square = 0;
    for (int i = 0; i < atUs.length; i++) {
      together += (atUs[i] - meanAt) * (valuesUs[i] - meanValue);
      square += (atUs[i] - meanAt) * (atUs[i] - meanAt);
    }
    return square == 0 ? 0 : together / square * HOUR_US / 1000;
  }
}
