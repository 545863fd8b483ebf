package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityResultTest {

  private static CapacityTrial failed(int streams) {
    CapacityTrials trials = new CapacityTrials();
    trials.streams = streams;
    trials.live = streams;
    trials.late = 50;
    trials.busy = 0.99;
    trials.worker = 1.5;
    return trials.trial();
  }

  private static CapacityResult result(List<CapacityTrial> trials, int largest) {
    DelaySearch.Result delay =
        new DelaySearch.Result(
            1,
            6550,
            List.of(new SegmentTimes(5, 20, 30), new SegmentTimes(6, 30, 40)),
            17_000,
            16_000);
    return new CapacityResult(
        trials, largest, 1500, new double[] {20, 30, 400}, List.of(delay), true);
  }

  private static double value(CapacityResult result, String name) {
    return result.figures().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static CapacityResult measured() {
    return result(
        List.of(
            CapacityTrials.carried(4),
            CapacityTrials.carried(8),
            CapacityTrials.carried(16),
            failed(32),
            failed(32)),
        16);
  }

  @Test
  void theFixedPartAndThatOfAStreamAreALineThroughTheTrials() {
    CapacityResult result = measured();
    assertThat(value(result, "worker, CPU, fixed part")).isCloseTo(10, within(1e-6));
    assertThat(value(result, "worker, CPU, each stream")).isCloseTo(3, within(1e-6));
    assertThat(value(result, "worker, resident, each stream")).isCloseTo(10, within(1e-6));
    assertThat(value(result, "smallest number that failed")).isEqualTo(32);
  }

  @Test
  void delayBeyondSegmentAndSlowestRoundTripHasAGoal() {
    CapacityResult result = measured();
    assertThat(value(result, "1 stream: delay beyond segment and slowest round trip"))
        .isEqualTo(520);
    assertThat(result.figures().stream().filter(each -> !each.met()).map(Figure::name))
        .containsExactly(
            "hook to first packet beside them, p95",
            "1 stream: delay beyond segment and slowest round trip");
  }

  @Test
  void everythingBeyondTheMachineIsCalledExtrapolated() {
    CapacityResult result = measured();
    List<BenchTable> tables = result.tables();
    assertThat(tables).hasSize(3);
    for (BenchTable table : tables.subList(1, 3)) {
      assertThat(table.title()).contains("extrapolated");
      assertThat(table.rows())
          .allSatisfy(row -> assertThat(row.get(0)).endsWith(", extrapolated"))
          .allSatisfy(row -> assertThat(row).hasSameSizeAs(table.head()));
    }
    // 45 % of the CPU was used at 16 streams: 3.6 cores of 8 carry (3.6 - 0.1) / 0.04.
    assertThat(value(result, "at 16: CPU of the machine")).isCloseTo(45, within(1e-6));
    assertThat(tables.get(1).rows().get(2).subList(0, 2))
        .containsExactly("8 cores, extrapolated", "87");
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith("STS for 100 streams, extrapolated"));
  }

  @Test
  void withoutAFailureNothingRanOut() {
    CapacityResult result = result(List.of(CapacityTrials.carried(4)), 4);
    assertThat(result.notes().get(0)).startsWith("Nothing ran out up to 4 streams.");
    assertThat(result.notes()).anyMatch(note -> note.startsWith("Nothing is extrapolated"));
    assertThat(result.tables()).hasSize(1);
    assertThat(value(result, "at 4: worker, CPU")).isCloseTo(22, within(1e-6));
  }

  @Test
  void withoutAnyStreamTheCauseIsSaid() {
    CapacityResult result = result(List.of(failed(1), failed(1)), 0);
    assertThat(result.figures()).hasSize(2);
    assertThat(result.notes().get(0)).isEqualTo("What ran out first: CPU.");
    assertThat(result.tables()).hasSize(1);
  }

  @Test
  void aReportHasNotesAndTables() {
    CapacityResult result = measured();
    BenchReport report =
        new BenchReport(
            "capacity",
            "x",
            "About.",
            new MachineNote("2026-11-23T00:00:00Z", "Linux amd64", 2, "17", 0.1),
            result.figures(),
            result.notes(),
            result.tables());
    assertThat(report.markdown())
        .contains("\n* What ran out first: CPU.\n")
        .contains("\n| 60 streams, extrapolated | ");
    assertThat(report.text()).contains("What ran out first: CPU.\n").contains("Trials:\n");
  }
}
