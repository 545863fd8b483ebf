package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TempoTest {
  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1.25,2", "1.1,1", "1.6,2", "0.95,2"})
  void theLengthChangesAndThePitchStays(double factor, int channels) throws Exception {
    Sound tone = Tone.of(1000, 288_000, 48_000, channels);
    Sound changed = Tempo.change(tone, factor);
    assertThat(changed.channelCount()).isEqualTo(channels);
    assertThat((double) changed.frames())
        .isCloseTo(288_000 / factor, org.assertj.core.data.Offset.offset(2500.0));
    assertThat(crossingsPerSecond(changed))
        .isCloseTo(1000, org.assertj.core.data.Offset.offset(3.0));
  }

  @Test
  void anImpossibleFactorIsRefused() {
    Sound tone = Tone.of(1000, 4800, 48_000, 1);
    assertThatThrownBy(() -> Tempo.change(tone, 2.5)).hasMessageContaining("2.5");
    assertThatThrownBy(() -> Tempo.change(tone, Double.NaN)).hasMessageContaining("NaN");
  }

  private static double crossingsPerSecond(Sound sound) {
    float[] samples = sound.channels()[0];
    int from = 4800;
    int to = samples.length - 4800;
    int rising = 0;
    for (int n = from; n < to; n++) {
      if (samples[n - 1] < 0 && samples[n] >= 0) {
        rising++;
      }
    }
    return rising * 48_000.0 / (to - from);
  }
}
