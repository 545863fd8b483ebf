package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
  @CsvSource({
    "1.25,2,48000",
    "1.1,1,48000",
    "1.6,2,48000",
    "0.95,2,48000",
    "1.25,1,22050",
    "1.25,6,44100",
    "2,1,16000"
  })
  void theLengthChangesExactlyAndThePitchStays(double factor, int channels, int rate)
      throws Exception {
    Sound tone = Tone.of(1000, 6 * rate, rate, channels);
    Sound changed = Tempo.change(tone, factor);
    assertThat(changed.channelCount()).isEqualTo(channels);
    assertThat((long) changed.frames()).isEqualTo(Math.round(6 * rate / factor));
    assertThat(crossingsPerSecond(changed)).isCloseTo(1000, within(3.0));
  }

  @ParameterizedTest
  @CsvSource({
    "1.01,48000",
    "1.1,48000",
    "1.25,48000",
    "1.25,44100",
    "1.25,22050",
    "2,48000",
    "0.95,48000"
  })
  void whatWasAtATimeIsAtThatTimeDividedByTheFactor(double factor, int rate) throws Exception {
    int bursts = 24;
    int apart = rate / 4;
    float[] samples = new float[bursts * apart];
    for (int k = 0; k < bursts; k++) {
      for (int n = 0; n < rate / 100; n++) {
        samples[k * apart + apart / 2 + n] =
            (float) (0.8 * Math.sin(2 * Math.PI * 1000 * n / rate));
      }
    }
    float[] changed = Tempo.change(new Sound(new float[][] {samples}, rate), factor).channels()[0];
    for (int k = 0; k < bursts; k++) {
      double wanted = (k * apart + apart / 2) / factor;
      int at = (int) (wanted - rate / 20.0);
      while (Math.abs(changed[at]) < 0.1) {
        at++;
      }
      assertThat((at - wanted) / rate).as("burst %d, seconds off", k).isCloseTo(0, within(0.012));
    }
  }

  @Test
  void anImpossibleFactorIsRefused() {
    Sound tone = Tone.of(1000, 4800, 48_000, 1);
    assertThatThrownBy(() -> Tempo.change(tone, 2.5)).hasMessageContaining("2.5");
    assertThatThrownBy(() -> Tempo.change(tone, Double.NaN)).hasMessageContaining("NaN");
  }

  private static double crossingsPerSecond(Sound sound) {
    float[] samples = sound.channels()[0];
    int from = sound.sampleRate() / 10;
    int to = samples.length - sound.sampleRate() / 10;
    int rising = 0;
    for (int n = from; n < to; n++) {
      if (samples[n - 1] < 0 && samples[n] >= 0) {
        rising++;
      }
    }
    return rising * (double) sound.sampleRate() / (to - from);
  }
}
