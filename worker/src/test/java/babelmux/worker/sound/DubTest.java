package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Sound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DubTest {
  @Test
  void sixteenBitsAreKept() {
    Sound tone = Tones.tone(4800, 48_000, 2, 1.9f);
    Dub dub = new Dub(tone);
    for (int n = 0; n < 4800; n++) {
      assertThat(dub.at(1, n)).isCloseTo(tone.channels()[1][n], within(1f / 65_000));
    }
  }

  @Test
  void whatGoesOverFullScaleKeepsItsPeaks() {
    Sound loud = Tones.tone(4800, 48_000, 1, 3f);
    Dub dub = new Dub(loud);
    float worst = 0;
    for (int n = 0; n < 4800; n++) {
      worst = Math.max(worst, Math.abs(dub.at(0, n) - loud.channels()[0][n]));
    }
    assertThat(worst).isLessThan(1f / 32_000);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 32_767f, -9f})
  void whatIsNoSoundIsTold(float sample) {
    float[][] samples = new float[2][100];
    samples[1][50] = 0.5f;
    samples[1][51] = sample;
    samples[1][52] = 0.25f;
    assertThat(Dub.isSound(new Sound(samples, 48_000))).isFalse();
    samples[1][51] = 1.5f;
    assertThat(Dub.isSound(new Sound(samples, 48_000))).isTrue();
  }
}
