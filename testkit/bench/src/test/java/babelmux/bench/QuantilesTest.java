package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {

  @Test
  void areValuesOfTheSample() {
    double[] values = IntStream.rangeClosed(1, 200).mapToDouble(i -> 201 - i).toArray();
    assertThat(Quantiles.of(values)).isEqualTo(new Quantiles(100, 190, 198, 200));
    assertThat(values[0]).isEqualTo(200);
  }

  @Test
  void ofOneValueAreThatValue() {
    assertThat(Quantiles.of(new double[] {7})).isEqualTo(new Quantiles(7, 7, 7, 7));
  }

  @Test
  void ofNothingAreRefused() {
    assertThatThrownBy(() -> Quantiles.of(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
