package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.AdmissionConfig;
import babelmux.worker.metrics.RefusalReason;
import babelmux.worker.streams.Capacity.Load;
import babelmux.worker.streams.Capacity.Running;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long MIB = 1 << 20;
  private static final Duration DELAY = Duration.ofSeconds(10);

  // 8.388608 Mbit/s for 10 s are 10 MiB, and 10 MiB beside: 20 MiB a stream.
  private static final int BPS = (int) (8 * MIB);
  private static final AdmissionConfig CONFIG = new AdmissionConfig(BPS, true, true);
  private static final Running FULL = new Running(BPS, 10_000);
  private static final Running EMPTY = new Running(0, 0);

  /** What is lacking when so much is left above the reserve, 100 MiB. */
  private static String lacking(long freeMib, List<Running> streams) {
    Memory memory = new Memory(1000 * MIB, (1000 - 100 - freeMib) * MIB);
    return Capacity.shortage(new Load(streams, memory, false), CONFIG, DELAY)
        .map(shortage -> shortage.reason().label())
        .orElse("nothing");
  }

  @Test
  void aStreamFitsWhenItsDelayLineDoesAndNoByteLater() {
    assertThat(lacking(20, List.of())).isEqualTo("nothing");
    assertThat(lacking(19, List.of())).isEqualTo("memory");
    assertThat(lacking(20, List.of(FULL, FULL, FULL))).isEqualTo("nothing");
  }

  @Test
  void whatRunningStreamsHaveNotFilledYetIsNotFree() {
    assertThat(lacking(39, List.of(EMPTY))).isEqualTo("memory");
    assertThat(lacking(40, List.of(EMPTY))).isEqualTo("nothing");
    Running half = new Running(0, 5_000);
    assertThat(lacking(29, List.of(half))).isEqualTo("memory");
    assertThat(lacking(30, List.of(half))).isEqualTo("nothing");
  }

  @Test
  void aBurstOfHooksIsTakenOnlyAsFarAsItWillFit() {
    int taken = 0;
    while (taken < 50 && lacking(100, Collections.nCopies(taken, EMPTY)).equals("nothing")) {
      taken++;
    }
    assertThat(taken).isEqualTo(5);
  }

  @Test
  void theMeanOfTheRunningStreamsCountsWhenItIsMoreThanTheSetting() {
    List<Running> slow = List.of(new Running(BPS / 4, 10_000));
    assertThat(lacking(20, slow)).isEqualTo("nothing");
    // Five times the setting and the setting: three times in the mean, 30 + 10 MiB.
    List<Running> fast = List.of(FULL, new Running(5L * BPS, 10_000), new Running(0, 10_000));
    assertThat(lacking(39, fast)).isEqualTo("memory");
    assertThat(lacking(40, fast)).isEqualTo("nothing");
  }

  @Test
  void aSmallContainerKeepsTheLeastReserve() {
    Memory fits = new Memory(200 * MIB, 116 * MIB);
    Memory tight = new Memory(200 * MIB, 117 * MIB);
    assertThat(Capacity.shortage(new Load(List.of(), fits, false), CONFIG, DELAY)).isEmpty();
    assertThat(Capacity.shortage(new Load(List.of(), tight, false), CONFIG, DELAY))
        .hasValueSatisfying(
            shortage -> {
              assertThat(shortage.reason()).isEqualTo(RefusalReason.MEMORY);
              assertThat(shortage.message())
                  .contains("8388 kbit/s needs 20 MiB", "117 of 200 MiB are in use");
            });
  }

  @Test
  void withoutALimitMemoryRefusesNothing() {
    Load load = new Load(Collections.nCopies(1000, FULL), Memory.UNLIMITED, false);
    assertThat(Capacity.shortage(load, CONFIG, DELAY)).isEmpty();
  }

  @Test
  void lateStreamsRefuseOthersAndNoStreamsNever() {
    assertThat(Capacity.shortage(new Load(List.of(FULL), Memory.UNLIMITED, true), CONFIG, DELAY))
        .hasValueSatisfying(
            shortage -> {
              assertThat(shortage.reason()).isEqualTo(RefusalReason.CPU);
              assertThat(shortage.message()).contains("1 % of the packets", "100 ms", "30 s");
            });
    assertThat(Capacity.shortage(new Load(List.of(), Memory.UNLIMITED, true), CONFIG, DELAY))
        .isEmpty();
    assertThat(Capacity.shortage(new Load(List.of(FULL), Memory.UNLIMITED, false), CONFIG, DELAY))
        .isEmpty();
  }

  @Test
  void eachCanBeSwitchedOff() {
    Load load = new Load(List.of(FULL), new Memory(MIB, MIB), true);
    assertThat(reason(load, true, true)).isEqualTo("memory");
    assertThat(reason(load, false, true)).isEqualTo("cpu");
    assertThat(reason(load, true, false)).isEqualTo("memory");
    assertThat(reason(load, false, false)).isEqualTo("nothing");
  }

  private static String reason(Load load, boolean memory, boolean cpu) {
    return Capacity.shortage(load, new AdmissionConfig(BPS, memory, cpu), DELAY)
        .map(shortage -> shortage.reason().label())
        .orElse("nothing");
  }
}
