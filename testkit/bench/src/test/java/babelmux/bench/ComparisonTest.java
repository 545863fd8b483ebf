package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static BenchReport report(double worker, double spread, double ffmpeg) {
    return new BenchReport(
        "performance",
        "./babelmux bench performance",
        "",
        new MachineNote("2026-11-23", "Linux", 2, "17", 0),
        List.of(
            Figure.of("10 streams: worker, CPU per stream", worker, ""),
            Figure.of("10 streams: worker, ±", spread, ""),
            Figure.of("10 streams: ffmpeg, CPU per stream", ffmpeg, ""),
            Figure.of("10 streams: ffmpeg, ±", 0, ""),
            Figure.goal("10 streams: worker : ffmpeg", worker / ffmpeg, "", 1.0)));
  }

  @Test
  void aDifferenceCountsWhereItIsLargerThanTheNoise() {
    BenchReport before = report(2.0, 0, 2.5);
    assertThat(Comparison.of(before, report(2.05, 0, 2.5)).get(0).isSlower()).isFalse();
    assertThat(Comparison.of(before, report(2.1, 0, 2.5)).get(0).isSlower()).isTrue();
    // Half a range of 0.2 around 2.1 is a tenth.
    assertThat(Comparison.of(before, report(2.1, 0.2, 2.5)).get(0).isSlower()).isFalse();
    assertThat(Comparison.of(before, report(2.1, 0, 2.6)).get(0).isSlower()).isFalse();
    assertThat(Comparison.of(before, report(1.8, 0, 2.5)).get(0).text())
        .isEqualTo("10 streams: 0.720 x ffmpeg, before 0.800, noise 0.024: faster");
  }

  @Test
  void resultsWithoutACommonNumberOfStreamsAreRefused() {
    BenchReport other =
        new BenchReport("hooks", "bench hooks", "", report(1, 0, 1).machine(), List.of());
    assertThatThrownBy(() -> Comparison.of(report(1, 0, 1), other))
        .hasMessageContaining("those of ./babelmux bench performance and bench hooks");
  }
}
