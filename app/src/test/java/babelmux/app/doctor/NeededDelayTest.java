package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.timeline.TimeBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeededDelayTest {

  @ParameterizedTest
  @CsvSource({"0, 7500", "1, 8000", "500, 8000", "501, 8500", "7000, 14500", "15000, 22500"})
  void itIsASegmentTheRoundTripASecondAndTheMargin(long roundTripMs, long delayMs) {
    assertThat(NeededDelay.of(Duration.ofMillis(roundTripMs)).toMillis()).isEqualTo(delayMs);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40, 333, 2_750, 8_000, 14_999, 30_000})
  void theBudgetOfThatDelayLeavesTheRoundTripAndItsReserve(long roundTripMs) {
    Duration delay = NeededDelay.of(Duration.ofMillis(roundTripMs));
    long wantedUs = (roundTripMs + NeededDelay.RESERVE.toMillis()) * 1000;
    assertThat(TimeBudget.live(delay.toMillis() * 1000, 6_000_000, 48_000).stsLimitUs())
        .isGreaterThanOrEqualTo(wantedUs);
    assertThat(TimeBudget.live(delay.toMillis() * 1000 - 500_000, 6_000_000, 48_000).stsLimitUs())
        .isLessThan(wantedUs);
  }

  @Test
  void aDelayThatIsSaidCanBeSet() {
    assertThat(NeededDelay.of(Duration.ZERO)).isGreaterThan(Duration.ofMillis(6_500));
  }
}
