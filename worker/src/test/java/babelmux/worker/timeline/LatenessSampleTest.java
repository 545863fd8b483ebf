package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LatenessSampleTest {
  private final LatenessSample sample = new LatenessSample();

  @Test
  void theMedianIsTheUsualLateness() {
    for (long lateness : new long[] {900, 10, 5_000, 20, 11, 13, 800, 12}) {
      sample.add(lateness);
    }
    assertThat(sample.medianNanos()).isEqualTo(20);
  }

  @Test
  void nearlyHalfMayBeLateAndAFewTooEarly() {
    for (int i = 0; i < 1000; i++) {
      sample.add(i < 20 ? -70_000_000 : i < 560 ? i : 3_000_000_000L);
    }
    assertThat(sample.medianNanos()).isBetween(0L, 560L);
  }

  @Test
  void aLongWindowIsThinnedEvenly() {
    for (int i = 0; i < 100_000; i++) {
      sample.add(i);
    }
    assertThat(sample.count()).isBetween(2048, 4096);
    assertThat(sample.medianNanos()).isBetween(49_000L, 51_000L);
  }

  @Test
  void theNextWindowBeginsWithNothing() {
    sample.add(5);
    sample.clear();
    assertThat(sample.count()).isZero();
    assertThatThrownBy(sample::medianNanos).isInstanceOf(IllegalStateException.class);
    sample.add(7);
    assertThat(sample.medianNanos()).isEqualTo(7);
  }
}
