package babelmux.stsecho.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.protocol.Backpressure.Signal;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackpressureTest {
  private static final Signal LOW = new Signal("low", "none", null);
  private static final Signal MEDIUM = new Signal("medium", "slow_down", 500);
  private static final Signal HIGH = new Signal("high", "pause", 1000);

  private final Backpressure echo = new Backpressure.Thresholds(0.5, 0.7, 0.9);

  @Test
  void aWindowOfThreeHasNoMedium() {
    assertThat(IntStream.rangeClosed(1, 4).mapToObj(n -> echo.at(n, 3)))
        .containsExactly(null, LOW, HIGH, HIGH);
  }

  @Test
  void aWindowOfTenHasAllLevels() {
    assertThat(IntStream.rangeClosed(4, 9).mapToObj(n -> echo.at(n, 10)))
        .containsExactly(null, LOW, LOW, MEDIUM, MEDIUM, HIGH);
  }

  @Test
  void aFixedSignalCountsSharesAndFragments() {
    assertThat(new Backpressure.Fixed(0.5, HIGH).at(4, 10)).isNull();
    assertThat(new Backpressure.Fixed(0.5, HIGH).at(5, 10)).isEqualTo(HIGH);
    assertThat(new Backpressure.Fixed(2, HIGH).at(1, 10)).isNull();
    assertThat(new Backpressure.Fixed(2, HIGH).at(2, 10)).isEqualTo(HIGH);
  }

  @Test
  void offSaysNothing() {
    assertThat(new Backpressure.Off().at(100, 1)).isNull();
  }
}
