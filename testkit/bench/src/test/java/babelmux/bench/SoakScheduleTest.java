package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SoakScheduleTest {
  private static final List<SoakFault> ALL = List.of(SoakFault.values());

  @Test
  void theSameSeedMakesTheSameScheduleAndAnotherMakesAnother() {
    assertThat(SoakSchedule.of(7, 20, 60, ALL)).isEqualTo(SoakSchedule.of(7, 20, 60, ALL));
    assertThat(SoakSchedule.of(7, 20, 60, ALL)).isNotEqualTo(SoakSchedule.of(8, 20, 60, ALL));
  }

  @Test
  void anHourHasEveryFaultAndLeavesHalfOfTheStreamsAlone() {
    List<SoakSchedule.Injection> hour = SoakSchedule.of(7, 20, 60, ALL);
    assertThat(hour).extracting(SoakSchedule.Injection::fault).containsAll(ALL);
    assertThat(hour)
        .filteredOn(one -> one.fault().hitsStream())
        .extracting(SoakSchedule.Injection::stream)
        .allMatch(stream -> stream >= 10 && stream < 20);
    assertThat(hour)
        .filteredOn(one -> !one.fault().hitsStream())
        .isNotEmpty()
        .allMatch(one -> one.stream() == SoakSchedule.NO_STREAM);
    assertThat(hour).allMatch(one -> one.second() >= 20 && one.second() <= 59 * 60);
  }

  @Test
  void aStreamIsHitAgainAfterTheEffectsOfTheFaultBefore() {
    int[] over = new int[4];
    for (SoakSchedule.Injection one : SoakSchedule.of(3, 4, 60, ALL)) {
      if (one.fault().hitsStream()) {
        assertThat(one.second()).isGreaterThanOrEqualTo(over[one.stream()]);
        over[one.stream()] = one.second() + one.fault().seconds() + SoakSchedule.EFFECT_SECONDS;
      }
    }
  }

  @Test
  void aFallbackIsExplainedByAFaultOnItsStreamInItsTimeAlone() {
    List<SoakSchedule.Injection> faults =
        List.of(
            new SoakSchedule.Injection(100, SoakFault.STS_SILENT, 1),
            new SoakSchedule.Injection(100, SoakFault.HOOK_DOUBLED, 2));
    FallbackLedger ledger = new FallbackLedger(faults, new double[] {5, 0, 0});
    ledger.add(95, new double[] {5, 0, 0});
    ledger.add(110, new double[] {5, 2, 0});
    assertThat(ledger.explained()).isEqualTo(2);
    assertThat(ledger.unexplained()).isZero();
    ledger.add(120, new double[] {6, 2, 3});
    assertThat(ledger.unexplained()).as("stream 0, and a doubled hook").isEqualTo(4);
    ledger.add(200, new double[] {6, 2, 3});
    ledger.add(205, new double[] {6, 3, 3});
    assertThat(ledger.unexplained()).as("too long after").isEqualTo(5);
    ledger.add(210, new double[] {1, 3, 3});
    assertThat(ledger.unexplained()).as("a new session counts from 0").isEqualTo(6);
  }

  @Test
  void aChainThatIsBrokenIsNamedInOneLine() {
    assertThat(new ChainException(ChainException.Link.HOOK, "503\n  try later\n"))
        .hasMessage(
            "smoke check: hook: expected the worker to answer the ready hook with 200 and to read"
                + " the stream; got: 503 / try later");
  }
}
