package babelmux.worker.sts.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkerIdTest {

  @Test
  void namesTheStreamAndIsShortEnoughForAHeader() {
    assertThat(WorkerId.of("demo")).isEqualTo("worker-demo");
    assertThat(WorkerId.header("x".repeat(64))).hasSize(64);
  }
}
