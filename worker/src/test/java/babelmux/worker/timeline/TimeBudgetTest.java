package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeBudgetTest {
  private static final long SEGMENT_US = 6_000_000;

  @ParameterizedTest
  @ValueSource(ints = {16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
  void anAnswerHasAQuarterOfASecondToBeDecodedAndFitted(int hz) {
    for (long delayMs = 8_000; delayMs <= 60_000; delayMs += 100) {
      TimeBudget budget = TimeBudget.live(delayMs * 1000, SEGMENT_US, hz);
      assertThat(budget.decodeAndFitUs()).isGreaterThanOrEqualTo(250_000);
      assertThat(budget.segmentUs() + budget.stsLimitUs() + budget.answerMarginUs())
          .isEqualTo(budget.delayUs());
    }
  }

  @ParameterizedTest
  @CsvSource({"44100, 500000", "48000, 500000", "16000, 646000", "22050, 575759"})
  void theMarginIsHalfASecondWhereFramesAreShort(int hz, long marginUs) {
    assertThat(TimeBudget.live(14_500_000, SEGMENT_US, hz).answerMarginUs()).isEqualTo(marginUs);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 2_000, 6_000, 6_500, 6_600, 7_000, 7_400})
  void whereTheDelayIsShortTheStsKeepsWhatThereIs(long delayMs) {
    for (int hz : new int[] {16_000, 22_050, 48_000}) {
      TimeBudget budget = TimeBudget.live(delayMs * 1000, SEGMENT_US, hz);
      assertThat(budget.answerMarginUs()).isLessThanOrEqualTo(520_000);
      assertThat(budget.stsLimitUs()).isGreaterThanOrEqualTo(delayMs * 1000 - 6_520_000);
    }
  }

  @Test
  void partsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(
            () ->
                new TimeBudget(
                    14_500_000, 6_000_000, 8_100_000, 250_000, 10_000, 240_000, 85_000, 90_000))
        .hasMessageContaining("at most the delay");
    assertThatThrownBy(
            () ->
                new TimeBudget(
                    14_500_000, 6_000_000, 8_000_000, 250_000, 10_000, 200_000, 85_000, 90_000))
        .hasMessageContaining("before its packets are due");
    assertThatThrownBy(
            () ->
                new TimeBudget(
                    14_500_000, 6_000_000, 8_000_000, 250_000, 10_000, 240_000, 85_000, 10_000))
        .hasMessageContaining("slow step");
    assertThatThrownBy(
            () ->
                new TimeBudget(
                    14_500_000, 6_000_000, 8_000_000, 0, 10_000, 240_000, 85_000, 90_000))
        .hasMessageContaining("positive");
  }
}
