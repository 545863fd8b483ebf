package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwrapperTest {
  @ParameterizedTest
  @ValueSource(longs = {1L << 24, 1L << 31, 1L << 32})
  void aFieldThatRunsOverGoesOn(long periodMs) {
    Unwrapper unwrapper = new Unwrapper();
    long trueMs = periodMs - 200;
    for (int i = 0; i < 40; i++, trueMs += 10) {
      // Every third packet is of the other track, a little behind.
      long at = i % 3 == 0 ? trueMs - 15 : trueMs;
      assertThat(unwrapper.unwrap((at % periodMs) * 1000)).isEqualTo(at * 1000);
    }
  }

  @Test
  void anOrdinaryJumpIsLeftAlone() {
    Unwrapper unwrapper = new Unwrapper();
    assertThat(unwrapper.unwrap(3_600_000_000L)).isEqualTo(3_600_000_000L);
    assertThat(unwrapper.unwrap(5_000_000)).isEqualTo(5_000_000);
    assertThat(unwrapper.unwrap(7_200_000_000L)).isEqualTo(7_200_000_000L);
  }
}
