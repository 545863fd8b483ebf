package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void numbersAreUsedOnceEachAndRefusedOnesAgainLowestFirst() {
    SequenceNumbers numbers = new SequenceNumbers();
    assertThat(IntStream.range(0, 4).map(i -> numbers.take())).containsExactly(0, 1, 2, 3);
    numbers.giveBack(3);
    assertThat(numbers.hasHole()).isFalse();
    numbers.giveBack(1);
    assertThat(numbers.hasHole()).isTrue();
    assertThat(numbers.take()).isEqualTo(1);
    assertThat(numbers.take()).isEqualTo(3);
    numbers.giveBack(2);
    numbers.giveBack(3);
    assertThat(numbers.hasHole()).isFalse();
    assertThat(numbers.take()).isEqualTo(2);
  }

  @Test
  void the99thPercentileIsOfTheLast256() {
    RttWindow rtts = new RttWindow();
    assertThat(rtts.p99Millis()).isEqualTo(-1);
    for (int ms = 1; ms <= 1_000; ms++) {
      rtts.add(ms * 1_000_000L);
    }
    assertThat(rtts.p99Millis()).isEqualTo(998);
    assertThat(rtts.lastMillis()).isEqualTo(1_000);
  }
}
