package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Natives;
import babelmux.media.Sound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DubTest {
  @Test
  void sixteenBitsAreKept() {
    Sound tone = Tones.tone(4800, 48_000, 2, 1.9f);
    try (Dub dub = new Dub(tone)) {
      for (int n = 0; n < 4800; n++) {
        assertThat(dub.at(1, n)).isCloseTo(tone.channels()[1][n], within(1f / 65_000));
      }
    }
  }

  @Test
  void whatGoesOverFullScaleKeepsItsPeaks() {
    Sound loud = Tones.tone(4800, 48_000, 1, 3f);
    float worst = 0;
    try (Dub dub = new Dub(loud)) {
      for (int n = 0; n < 4800; n++) {
        worst = Math.max(worst, Math.abs(dub.at(0, n) - loud.channels()[0][n]));
      }
    }
    assertThat(worst).isLessThan(1f / 32_000);
  }

  @Test
  void aClosedDubHoldsNoMemoryAndCannotBeRead() {
    long before = Natives.live();
    Dub dub = new Dub(Tones.tone(480, 48_000, 2, 0.5f));
    assertThat(Natives.live()).isEqualTo(before + 1);
    dub.close();
    dub.close();
    assertThat(Natives.live()).isEqualTo(before);
    assertThatThrownBy(() -> dub.at(0, 0)).isInstanceOf(IllegalStateException.class);
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
