package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(300)
class BenchCyclesTest {
  private final BenchRun bench = new BenchRun();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void streamsThatEndedLeaveNoNativeObjects() throws Exception {
    JsonNode report =
        bench.run(
            "cycles",
            "--cycles",
            "30",
            "--at-once",
            "3",
            "--drained",
            "2",
            "--mediamtx",
            "none",
            "--json");
    assertThat(BenchRun.value(report, "streams started and ended")).isEqualTo(30);
    assertThat(BenchRun.value(report, "request to first packet, last tenth, p99")).isPositive();
    double before = BenchRun.value(report, "native objects before");
    assertThat(BenchRun.value(report, "native objects after the cycles")).isEqualTo(before);
    assertThat(BenchRun.value(report, "native objects after the drained streams"))
        .isEqualTo(before);
  }

  @Test
  void wrongUsageIsRefused() {
    assertThat(bench.execute("cycles", "--cycles", "19")).isEqualTo(2);
    assertThat(bench.execute("cycles", "--at-once", "0")).isEqualTo(2);
    assertThat(bench.execute("cycles", "--drained", "501")).isEqualTo(2);
  }
}
