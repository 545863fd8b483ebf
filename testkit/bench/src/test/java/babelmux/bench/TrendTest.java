package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendTest {

  /** Gilbert (1987), example 16.4 has the method; this series is small enough to do by hand. */
  @Test
  void theBoundsAreTheSlopesOfSensRanks() {
    // Slopes of pairs 1..10, all different; n = 5: Var S = 5 * 4 * 15 / 18 = 16.667.
    double[] x = {0, 1, 2, 3, 4};
    double[] y = {0, 1, 3, 7, 15};
    // In order: 1, 1.5, 2, 2.333, 3, 3.75, 4, 4.667, 6, 8. C = 1.645 * 4.0825 = 6.7.
    Trend.Interval interval = Trend.interval(x, y, 0.9);
    assertThat(interval.slope()).isEqualTo(3.375, within(1e-9));
    assertThat(interval.low()).isEqualTo(1, within(1e-9));
    assertThat(interval.high()).isEqualTo(8, within(1e-9));
  }

  @Test
  void theIntervalHoldsTheTrueSlopeAsOftenAsItSays() {
    Random random = new Random(5);
    int held = 0;
    for (int run = 0; run < 400; run++) {
      double[] x = new double[40];
      double[] y = new double[40];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
        y[i] = 0.3 * i + random.nextGaussian() * 5;
      }
      Trend.Interval interval = Trend.interval(x, y, 0.95);
      held += interval.low() <= 0.3 && 0.3 <= interval.high() ? 1 : 0;
    }
    assertThat(held / 400.0).isBetween(0.92, 0.98);
  }

  @Test
  void valuesThatAreAllTheSameAreFlatAndTooFewSayNothing() {
    double[] x = {0, 1, 2, 3};
    assertThat(Trend.interval(x, new double[] {4, 4, 4, 4}, 0.95))
        .isEqualTo(new Trend.Interval(0, 0, 0));
    assertThat(Trend.interval(new double[] {0, 1}, new double[] {0, 1}, 0.95).low())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
