package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CapacityVerdictTest {
  private static final long STS_LIMIT_MILLIS = 1500;

  private static CapacityVerdict verdict(Consumer<CapacityTrials> change) {
    CapacityTrials trials = new CapacityTrials();
    trials.late = 7;
    change.accept(trials);
    return CapacityVerdict.of(trials.trial(), STS_LIMIT_MILLIS);
  }

  private static void use(
      CapacityTrials trials, double busy, double worker, double server, double load) {
    trials.busy = busy;
    trials.worker = worker;
    trials.server = server;
    trials.load = load;
  }

  @Test
  void theCpuIsSharedOutAmongThoseWhoTookIt() {
    CapacityVerdict verdict = verdict(trials -> use(trials, 0.98, 1.2, 0.3, 0.45));
    assertThat(verdict.cause()).isEqualTo("CPU");
    assertThat(verdict.sentences())
        .contains("With 10 streams: 7 of 10000 packets over 100 ms late (0.07 %).")
        .contains(
            "CPU: the 2 cores were 98 % busy; of what was used the worker took 61 %, MediaMTX 15 %,"
                + " publishers and STS of this benchmark 23 %, others 1 %; some thread waited for a core"
                + " 30 % of the time; steal time 0.0 %.")
        .anyMatch(line -> line.contains("carry 1.3 times as many (extrapolated)"));
  }

  @Test
  void otherProgramsAndTheHostAreNotTheWorkersFault() {
    assertThat(verdict(trials -> use(trials, 0.98, 0.8, 0.3, 0.45)).cause())
        .isEqualTo("CPU, taken by other programs");
    assertThat(
            verdict(
                    trials -> {
                      use(trials, 0.7, 0.8, 0.3, 0.3);
                      trials.stolen = 0.25;
                    })
                .cause())
        .isEqualTo("the host's CPU");
  }

  @Test
  void memoryCountsBeforeCpu() {
    assertThat(
            verdict(
                    trials -> {
                      use(trials, 0.98, 1.2, 0.3, 0.45);
                      trials.available = 0.02;
                    })
                .cause())
        .isEqualTo("memory");
    assertThat(verdict(trials -> trials.workerBytes = 7500.0 * (1 << 20)).cause())
        .isEqualTo("memory");
  }

  @Test
  void whatRunsOutOnAMachineWithCpuLeftIsNamed() {
    assertThat(verdict(trials -> trials.heapUsed = 0.95).cause()).isEqualTo("Java heap");
    assertThat(verdict(trials -> trials.collecting = 0.2).cause()).isEqualTo("Java heap");
    CapacityVerdict thread = verdict(trials -> trials.hottestCpu = 0.97);
    assertThat(thread.cause()).isEqualTo("one thread of the worker");
    assertThat(thread.sentences()).anyMatch(line -> line.contains("pacer of the worker used 97 %"));
    assertThat(verdict(trials -> trials.queue = 1.5).cause())
        .isEqualTo("MediaMTX or the network to it");
    assertThat(
            verdict(
                    trials -> {
                      trials.late = 0;
                      trials.fallbacks = 3;
                      trials.sts = 2000;
                    })
                .cause())
        .isEqualTo("STS");
  }

  @Test
  void withoutAnythingShortItSaysSo() {
    CapacityVerdict verdict = verdict(trials -> {});
    assertThat(verdict.cause()).isEqualTo("nothing that is measured");
    assertThat(verdict.sentences()).anyMatch(line -> line.contains("repeat the run"));
  }

  @Test
  void aTrialIsCarriedOnlyWithoutAnyFault() {
    CapacityTrials trials = new CapacityTrials();
    assertThat(trials.trial().carried()).isTrue();
    trials.live = 9;
    trials.fallbacks = 1;
    assertThat(trials.trial().faults())
        .containsExactly("9 of 10 streams on air", "1 segment fell back to original audio");
    trials.trouble = "stream c3 does not become LIVE";
    assertThat(trials.trial().faults()).containsExactly("stream c3 does not become LIVE");
  }
}
