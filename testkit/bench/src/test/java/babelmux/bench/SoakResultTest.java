package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.demo.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoakResultTest {
  private static final double MIB = 1 << 20;

  /** An hour, a sample every 5 s. */
  private static SoakResult hour(double startMib, double mibPerMinute, int threadsMore) {
    List<ProcessSample> samples = new ArrayList<>();
    Random random = new Random(1);
    for (int n = 0; n <= 720; n++) {
      double minute = n / 12.0;
      double noise = random.nextGaussian() * 3;
      // What a collection leaves, and one that came late.
      double outlier = n % 50 == 0 ? 80 : 0;
      // Warming up is no growth.
      double warmUp = Math.min(minute, 10) * 5;
      double resident =
          startMib + warmUp + minute * mibPerMinute + noise + outlier * (n < 600 ? 1 : 0);
      samples.add(
          new ProcessSample(
              minute,
              (long) (resident * MIB),
              (long) (resident * MIB),
              30 * MIB,
              50 * MIB,
              60 * MIB,
              80 + (n > 500 ? threadsMore : 0),
              120,
              12_500 + random.nextInt(200),
              n,
              0,
              random.nextDouble(),
              0));
    }
    return new SoakResult(10, 2.1e6, samples, Scrape.of(""));
  }

  private static Figure figure(SoakResult result, String name) {
    return result.figures().stream()
        .filter(figure -> figure.name().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aWorkerThatStaysAsItIsMeetsEveryGoal() {
    assertThat(hour(250, 0, 0).figures()).allMatch(Figure::met);
  }

  @Test
  void aLeakIsSeenThroughNoiseAndOutliers() {
    Figure slope = figure(hour(200, 0.4, 0), "slope of resident memory");
    assertThat(slope.value()).isCloseTo(0.4, within(0.05));
    Figure low = figure(hour(200, 0.4, 0), "slope of resident memory, lower end");
    assertThat(low.value()).isBetween(0.3, slope.value());
    assertThat(low.met()).isFalse();
  }

  @Test
  void tooMuchMemoryAndThreadsThatAreLeftAreMissed() {
    assertThat(figure(hour(320, 0, 0), "resident at the end").met()).isFalse();
    assertThat(figure(hour(250, 0, 15), "threads, growth").met()).isFalse();
    assertThat(figure(hour(250, 0, 5), "threads, growth").met())
        .as("a client's pool on a busy machine")
        .isTrue();
    assertThat(figure(hour(250, 0, 5), "threads at the end").value()).isEqualTo(85);
  }

  @Test
  void aSlopeIsTheMedianOfAllPairs() {
    assertThat(Trend.slope(new double[] {0, 1, 2, 3, 4}, new double[] {0, 2, 4, 6, 600}))
        .isEqualTo(2);
    assertThat(Trend.slope(new double[] {1, 1}, new double[] {0, 2})).isZero();
    assertThat(Trend.slope(new double[] {}, new double[] {})).isZero();
  }

  @Test
  void aFieldOfProcIsReadByItsName() {
    String status = "Name:\tjava\nVmRSS:\t   331536 kB\nThreads:\t84\n";
    assertThat(ProcessSample.field(status, "VmRSS:")).isEqualTo(331_536);
    assertThat(ProcessSample.field(status, "Threads:")).isEqualTo(84);
    assertThat(ProcessSample.field(status, "Pss:")).isZero();
  }
}
