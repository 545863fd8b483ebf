package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code babelmux bench links}, short. Here, because other tests run beside it while it waits. */
@Tag("slow")
@Timeout(300)
class BenchLinksTest {
  private final BenchRun bench = new BenchRun();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void twelveLinksRecoverFromAShortDrillAndNothingIsLeftBehind() throws Exception {
    JsonNode report =
        bench.run(
            "links",
            "--links",
            "12",
            "--duration",
            "10s",
            "--segment",
            "1s",
            "--seed",
            "7",
            "--json");
    assertThat(report.path("figures"))
        .filteredOn(figure -> figure.has("atMost"))
        .hasSizeGreaterThan(5)
        .allMatch(figure -> figure.path("value").asDouble() <= figure.path("atMost").asDouble());
    assertThat(BenchRun.value(report, "fragments")).isGreaterThanOrEqualTo(12 * 9);
    double dubbed = BenchRun.value(report, "dubbed");
    assertThat(dubbed).isGreaterThan(50).isLessThan(BenchRun.value(report, "fragments"));
    assertThat(BenchRun.value(report, "protocol violations of the service")).isPositive();
  }
}
