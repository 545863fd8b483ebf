package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechMapTest {
  private static final int RATE = 48_000;

  /** Noise with a tone in the middle third. */
  private static Sound middle(double noise, double tone) {
    Random random = new Random(3);
    float[][] samples = new float[2][6 * RATE];
    for (int n = 0; n < samples[0].length; n++) {
      double voice = n >= 2 * RATE && n < 4 * RATE ? tone * Math.sin(n * 0.05) : 0;
      samples[0][n] = (float) (voice + noise * random.nextGaussian());
      samples[1][n] = samples[0][n] / 4;
    }
    return new Sound(samples, RATE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0005, 0.005})
  void speechIsToldFromSilenceAndHiss(double noise) {
    SpeechMap map = SpeechMap.of(middle(noise, 0.2), 50);
    assertThat(map.at(RATE)).isFalse();
    assertThat(map.at(2 * RATE - 60 * RATE / 1000)).isFalse();
    assertThat(map.at(2 * RATE - 49 * RATE / 1000)).as("told before").isTrue();
    assertThat(map.at(3 * RATE)).isTrue();
    assertThat(map.at(4 * RATE + 240 * RATE / 1000)).as("held").isTrue();
    assertThat(map.at(4 * RATE + 300 * RATE / 1000)).isFalse();
    assertThat(map.at(6 * RATE - 1)).isFalse();
  }

  @Test
  void silenceAndHissSayNothing() {
    assertThat(SpeechMap.of(Sound.silence(1, RATE, RATE), 50).at(RATE / 2)).isFalse();
    assertThat(SpeechMap.of(Sound.silence(1, 0, RATE), 50).at(0)).isFalse();
    SpeechMap hiss = SpeechMap.of(middle(0.001, 0), 50);
    for (int n = 0; n < 6 * RATE; n += RATE / 10) {
      assertThat(hiss.at(n)).isFalse();
    }
  }

  @Test
  void aToneWithoutAPauseIsSpeechFromItsFirstSample() {
    SpeechMap map = SpeechMap.of(Tones.tone(RATE, RATE, 1, 0.5f), 50);
    assertThat(map.at(0)).isTrue();
    assertThat(map.at(RATE - 1)).isTrue();
  }

  @Test
  void aClickIsNoSpeech() {
    Sound silence = Sound.silence(1, RATE, RATE);
    silence.channels()[0][RATE / 2] = 1f;
    assertThat(SpeechMap.of(silence, 50).at(RATE / 2)).isFalse();
  }
}
