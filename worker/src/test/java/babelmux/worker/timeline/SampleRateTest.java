package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleRateTest {
  private static final long THIRTY_DAYS_SECONDS = 30L * 24 * 3600;

  @ParameterizedTest
  @ValueSource(ints = {8_000, 22_050, 44_100, 48_000, 96_000})
  void samplesSurviveTheWayOverMicrosecondsForThirtyDays(int hz) {
    SampleRate rate = new SampleRate(hz);
    for (long second : new long[] {-1, 0, 1, 16_777, 2_147_483, THIRTY_DAYS_SECONDS}) {
      for (long sample = second * hz - 3; sample < second * hz + 3; sample++) {
        assertThat(rate.samplesAt(rate.microsAt(sample))).isEqualTo(sample);
      }
    }
  }

  @Test
  void timesRoundToTheNearest() {
    SampleRate rate = new SampleRate(48_000);
    assertThat(rate.samplesAt(1_000_000)).isEqualTo(48_000);
    assertThat(rate.samplesAt(10)).isZero();
    assertThat(rate.samplesAt(11)).isEqualTo(1);
    assertThat(rate.samplesAt(-21_333)).isEqualTo(-1024);
    assertThat(rate.microsAt(1024)).isEqualTo(21_333);
  }

  @Test
  void anImpossibleRateIsRefused() {
    assertThatThrownBy(() -> new SampleRate(0)).hasMessageContaining("not 0");
  }
}
