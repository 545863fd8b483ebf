package babelmux.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeepFinderTest {
  private static final int RATE = 48_000;

  private static List<BeepFit> found(float[] sound, int rate) {
    BeepFinder finder = new BeepFinder(rate);
    for (int at = 0; at < sound.length; at += 1024) {
      finder.accept(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + 1024)));
    }
    return finder.finish();
  }

  private static void addTone(float[] sound, double hz, int from, int length, double rampSeconds) {
    double ramp = rampSeconds * RATE;
    for (int i = 0; i < length; i++) {
      double edge = Math.min(1, Math.min(i, length - i) / ramp);
      double gain = 0.5 * (1 - Math.cos(Math.PI * edge)) / 2;
      sound[from + i] += (float) (gain * Math.sin(2 * Math.PI * hz * i / RATE));
    }
  }

  private static float[] noise(double seconds, double level) {
    Random random = new Random(1);
    float[] sound = new float[(int) (seconds * RATE)];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = (float) (level * random.nextGaussian());
    }
    return sound;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 13, 29})
  void findsABeepInNoiseToATenthOfAMillisecond(int second) {
    float[] sound = noise(2, 0.02);
    addTone(sound, Marks.beepHz(second), 33_333, 4800, 0.003);

    List<BeepFit> beeps = found(sound, RATE);

    assertThat(beeps).hasSize(1);
    assertThat(beeps.get(0).onset()).isCloseTo(33_333, within(RATE / 10_000.0));
    assertThat(Marks.second(beeps.get(0).hz())).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(ints = {2400, 9600, 48_000, 96_000})
  void aToneOfAnotherLengthIsNoBeep(int length) {
    float[] sound = noise(4, 0.005);
    addTone(sound, 1500, 40_000, length, 0.003);

    assertThat(found(sound, RATE)).isEmpty();
  }

  @Test
  void twoBeepsInTwoSeconds() {
    float[] sound = noise(3, 0.005);
    addTone(sound, 1000, 24_000, 4800, 0.003);
    addTone(sound, 1050, 72_000, 4800, 0.003);

    assertThat(found(sound, RATE))
        .extracting(beep -> Marks.second(beep.hz()))
        .containsExactly(0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "es"})
  void aVoiceIsNoBeep(String language) throws Exception {
    for (int n = 0; n < 30; n++) {
      Sound word = Sound.read(Path.of("../../fixtures/words", language, n + ".wav"));

      assertThat(found(word.mono(), word.rate())).as("%s %d", language, n).isEmpty();
    }
  }

  @Test
  void aBeepCutOffByTheEndIsNotMeasured() {
    float[] sound = noise(1, 0.005);
    addTone(sound, 1500, sound.length - 2400, 2400, 0.003);

    assertThat(found(sound, RATE)).isEmpty();
  }
}
