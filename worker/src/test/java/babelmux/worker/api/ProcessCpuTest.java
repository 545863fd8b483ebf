package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** On two processors. */
class ProcessCpuTest {

  private long cpu;
  private long now = 5_000_000_000L;
  private final ProcessCpu share = new ProcessCpu(() -> cpu, () -> now, 2);

  private void pass(double seconds, double usedSeconds) {
    now += (long) (seconds * 1e9);
    cpu += (long) (usedSeconds * 1e9);
  }

  @Test
  void itIsTheShareOfAllProcessorsSinceTheLastReading() {
    assertThat(share.read()).as("nothing to compare with").isNull();
    pass(2, 1);
    assertThat(share.read()).isEqualTo(0.25);
    pass(2, 0);
    assertThat(share.read()).isZero();
    pass(1, 3);
    assertThat(share.read()).as("clocks are not exact").isEqualTo(1.0);
  }

  @Test
  void anInstantSaysNothing() {
    share.read();
    pass(2, 1);
    share.read();
    pass(0.1, 0.2);
    assertThat(share.read()).isEqualTo(0.25);
    pass(0.9, 0.8);
    assertThat(share.read()).as("of the whole second").isEqualTo(0.5);
  }

  @Test
  void aMeanOfLongAgoSaysNothing() {
    share.read();
    pass(11, 1);
    assertThat(share.read()).isNull();
    pass(1, 1);
    assertThat(share.read()).isEqualTo(0.5);
  }

  @Test
  void itIsNotKnownEverywhere() {
    cpu = -1;
    share.read();
    now += 2_000_000_000L;
    assertThat(share.read()).isNull();
  }
}
