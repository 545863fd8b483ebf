package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LevelsTest {
  private static final int RATE = 48_000;
  private static final int FRAMES = 6 * RATE;

  private static Sound sound(IntToDoubleFunction sample) {
    float[][] out = new float[1][FRAMES];
    for (int n = 0; n < FRAMES; n++) {
      out[0][n] = (float) sample.applyAsDouble(n);
    }
    return new Sound(out, RATE);
  }

  /** Spoken numbers, one after the other, with 80 ms between them: faster than anybody counts. */
  private static Sound speech(int first, double gain) throws Exception {
    float[] out = new float[FRAMES];
    int at = 0;
    for (int number = first; at < FRAMES; number = (number + 1) % 30) {
      byte[] wav = Files.readAllBytes(Path.of("../fixtures/words/en/" + number + ".wav"));
      Sound word = AudioClipDecoder.decode(wav, new AudioClipHint("wav", 22_050, 1, 10 * RATE));
      float[] samples = SampleConverter.convert(word, RATE, 1).channels()[0];
      for (int n = 0; n < samples.length && at + n < FRAMES; n++) {
        out[at + n] = (float) (gain * samples[n]);
      }
      at += samples.length + 80 * RATE / 1000;
    }
    return new Sound(new float[][] {out}, RATE);
  }

  /** Chords that change every second, each note with an attack, over a bass that goes on. */
  private static double music(int n, int from) {
    double[] chord = {1, 1.25, 1.5, 2.01, 2.52};
    double[] roots = {220, 196, 174.6, 261.6};
    double seconds = n / (double) RATE + from;
    double root = roots[(int) seconds % roots.length];
    double beat = seconds % 0.5;
    double sum = 0.5 * Math.sin(2 * Math.PI * root / 4 * seconds);
    for (double note : chord) {
      sum += (0.4 + 0.6 * Math.exp(-6 * beat)) * Math.sin(2 * Math.PI * root * note * seconds);
    }
    return sum / 12;
  }

  private static Sound mixed(Sound a, Sound b) {
    return sound(n -> a.channels()[0][n] + b.channels()[0][n]);
  }

  private static Sound noise(double amplitude, long seed) {
    Random random = new Random(seed);
    return sound(n -> amplitude * random.nextGaussian());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.1, 0.05})
  void speechSpeaksHoweverSoft(double gain) throws Exception {
    assertThat(Levels.of(speech(3, gain)).speaks()).isTrue();
    assertThat(Levels.of(speech(3, gain)).isSilent()).isFalse();
  }

  @Test
  void speechInARoomWithHissOrOverASoftBedOfMusicSpeaks() throws Exception {
    assertThat(Levels.of(mixed(speech(0, 1), noise(0.01, 1))).speaks()).isTrue();
    assertThat(Levels.of(mixed(speech(0, 1), sound(n -> 0.1 * music(n, 0)))).speaks()).isTrue();
  }

  @Test
  void musicThatGoesOnDoesNotSpeak() {
    for (int from = 0; from < 60; from += 6) {
      int second = from;
      assertThat(Levels.of(sound(n -> music(n, second))).speaks()).as("from %d", from).isFalse();
    }
  }

  @Test
  void noiseHumApplauseAndAToneDoNotSpeak() {
    assertThat(Levels.of(noise(0.1, 1)).speaks()).isFalse();
    assertThat(Levels.of(sound(n -> 0.2 * Math.sin(2 * Math.PI * 50 * n / RATE))).speaks())
        .isFalse();
    Random claps = new Random(5);
    double[] loud = new double[600];
    for (int n = 0; n < loud.length; n++) {
      loud[n] = 0.05 + 0.15 * claps.nextDouble();
    }
    Sound even = noise(1, 7);
    assertThat(Levels.of(sound(n -> loud[n * 600 / FRAMES] * even.channels()[0][n])).speaks())
        .isFalse();
    assertThat(Levels.of(Tones.tone(FRAMES, RATE, 1, 1)).speaks()).isFalse();
  }

  @Test
  void oneWordInASegmentIsTooLittle() throws Exception {
    Sound word = speech(3, 1);
    assertThat(Levels.of(sound(n -> n < RATE / 2 ? word.channels()[0][n] : 0)).speaks()).isFalse();
  }

  @Test
  void musicThatEndsIsNoSpeech() {
    assertThat(Levels.of(sound(n -> n < 3 * RATE ? music(n, 0) : 0)).speaks()).isFalse();
  }

  @Test
  void silenceHissAndAClickAreSilent() {
    assertThat(Levels.of(Sound.silence(2, FRAMES, RATE)).isSilent()).isTrue();
    assertThat(Levels.of(Sound.silence(2, 0, RATE)).isSilent()).isTrue();
    assertThat(Levels.of(Sound.silence(2, 0, RATE)).speaks()).isFalse();
    assertThat(Levels.of(noise(0.002, 1)).isSilent()).isTrue();
    assertThat(Levels.of(noise(0.01, 1)).isSilent()).isFalse();
    assertThat(Levels.of(sound(n -> n == RATE ? 1 : 0)).isSilent()).isTrue();
  }

  @Test
  void speechThatGoesOnIsOtherAndNoiseOrAToneIsTheSame() throws Exception {
    assertThat(Levels.of(speech(0, 1)).isOther(Levels.of(speech(11, 1)))).isTrue();
    assertThat(Levels.of(speech(0, 1)).isOther(Levels.of(speech(0, 0.9)))).isFalse();
    assertThat(Levels.of(noise(0.1, 1)).isOther(Levels.of(noise(0.1, 2)))).isFalse();
    assertThat(Levels.of(noise(0.001, 1)).isOther(Levels.of(Sound.silence(1, FRAMES, RATE))))
        .isFalse();
    Levels tone = Levels.of(Tones.tone(FRAMES, RATE, 1, 1));
    assertThat(tone.isOther(Levels.of(Tones.tone(FRAMES - 480, RATE, 1, 1)))).isFalse();
  }
}
