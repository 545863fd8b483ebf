package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleConverterTest {
  private static final double HZ = 1000;
  private static final double LEVEL = 0.25;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private static Sound sine(int from, int frames, int rate) {
    float[] samples = new float[frames];
    for (int n = 0; n < frames; n++) {
      samples[n] = (float) (LEVEL * Math.sin(2 * Math.PI * HZ * (from + n) / rate));
    }
    return new Sound(new float[][] {samples}, rate);
  }

  /** Phases other than 0 at the seam, too: the worst is where the tone is at its peak. */
  @ParameterizedTest
  @CsvSource({
    "16000, 48000, 96000",
    "16000, 48000, 96004",
    "44100, 48000, 264600",
    "22050, 48000, 132300",
    "24000, 44100, 144006",
    "48000, 44100, 288012",
    "11025, 48000, 66150"
  })
  void aToneInTwoPiecesIsOneToneAfterwards(int rate, int wanted, int seam) throws Exception {
    Sound left = SampleConverter.convert(sine(0, seam, rate), wanted, 1);
    Sound right = SampleConverter.convert(sine(seam, rate, rate), wanted, 1);

    long expected = Math.round((double) seam * wanted / rate);
    assertThat(left.frames()).isEqualTo((int) expected);
    assertThat(right.frames()).isEqualTo(wanted);
    double largest = 0;
    double step = 0;
    double own = 2 * LEVEL * Math.sin(Math.PI * HZ / wanted);
    float before = left.channels()[0][left.frames() - 200];
    for (int n = -199; n < 200; n++) {
      float value = n < 0 ? left.channels()[0][left.frames() + n] : right.channels()[0][n];
      double at =
          n < 0
              ? (left.frames() + n) / (double) wanted
              : seam / (double) rate + n / (double) wanted;
      double pure = LEVEL * Math.sin(2 * Math.PI * HZ * at);
      largest = Math.max(largest, Math.abs(value - pure));
      step = Math.max(step, Math.abs(value - before));
      before = value;
    }
    assertThat(20 * Math.log10(largest / LEVEL)).as("deviation, dB").isLessThan(-50);
    assertThat(step / own).as("largest step over the tone's own").isLessThan(1.02);
  }

  @Test
  void aPieceShorterThanTheFilterIsConvertedToo() throws Exception {
    assertThat(SampleConverter.convert(sine(0, 10, 16_000), 48_000, 1).frames()).isEqualTo(30);
  }
}
