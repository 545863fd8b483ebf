package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sounds with one thing wrong each: the meter must find it, with the right size. */
class SoundFaultsTest {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;

  @TempDir private Path folder;

  private static float[] tone(double hz, double level, int length) {
    float[] sound = new float[length];
    for (int i = 0; i < length; i++) {
      sound[i] = (float) (level * Math.sin(2 * Math.PI * hz * i / RATE));
    }
    return sound;
  }

  private Sound made(String filter) throws Exception {
    return Sound.read(
        Media.made(folder.resolve("made.wav"), "-i {} -vn -af {} -c:a pcm_f32le", ENGLISH, filter));
  }

  @Test
  void aSineOfFullScaleHasTheLoudnessThatTheRecommendationNames() throws Exception {
    // ITU-R BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LKFS.
    Sound sound = Sound.of(RATE, tone(997, 1, 10 * RATE), new float[10 * RATE]);

    Level level = Level.of(sound);

    assertThat(level.integratedLufs()).isCloseTo(-3.01, within(0.05));
    assertThat(level.truePeakDbtp()).isCloseTo(0, within(0.05));
  }

  @Test
  void aPeakBetweenTheSamplesIsFound() throws Exception {
    // A quarter of the rate, sampled 45 degrees off its peaks: 3 dB more than any sample.
    float[] sound = new float[5 * RATE];
    for (int i = 0; i < sound.length; i++) {
      // Begins and ends softly: an edge would overshoot between the samples.
      double edge = Math.min(1, Math.min(i, sound.length - 1 - i) / 4800.0);
      sound[i] = (float) (0.5 * edge * Math.sin(Math.PI / 2 * i + Math.PI / 4));
    }

    Level level = Level.of(Sound.of(RATE, sound));

    assertThat(level.truePeakDbtp()).isCloseTo(20 * Math.log10(0.5), within(0.1));
  }

  @Test
  void threeDecibelsMoreAreThreeMore() throws Exception {
    Level plain = Level.of(made("anull"));
    Level louder = Level.of(made("volume=3dB"));

    assertThat(louder.integratedLufs() - plain.integratedLufs()).isCloseTo(3, within(0.05));
    assertThat(louder.truePeakDbtp() - plain.truePeakDbtp()).isCloseTo(3, within(0.05));
  }

  @Test
  void silenceHasALevelToo() throws Exception {
    assertThat(Level.of(Sound.of(RATE, new float[RATE])).integratedLufs()).isEqualTo(-70);
  }

  @ParameterizedTest
  @CsvSource({"0.01, -40", "0.001, -60"})
  void harmonicsAreMeasured(double share, double decibels) {
    float[] sound = tone(1000, 0.5, 10 * RATE);
    float[] harmonic = tone(3000, 0.5 * share, 10 * RATE);
    for (int i = 0; i < sound.length; i++) {
      sound[i] += harmonic[i];
    }

    Tones.Purity purity = Tones.of(Sound.of(RATE, sound)).purity(1000, 0, sound.length);

    assertThat(purity.thdPlusNoiseDb()).isCloseTo(decibels, within(0.1));
  }

  private static float[] withoutSample(float[] sound, int at) {
    float[] cut = new float[sound.length - 1];
    System.arraycopy(sound, 0, cut, 0, at);
    System.arraycopy(sound, at + 1, cut, at, cut.length - at);
    return cut;
  }

  private static float[] withSampleTwice(float[] sound, int at) {
    float[] longer = new float[sound.length + 1];
    System.arraycopy(sound, 0, longer, 0, at);
    System.arraycopy(sound, at - 1, longer, at, sound.length - at + 1);
    return longer;
  }

  private static Tones.Joint joint(float[] sound) {
    return Tones.of(Sound.of(RATE, sound)).joint(1000, SLOT);
  }

  @Test
  void aCleanJointIsClean() {
    Tones.Joint joint = joint(tone(1000, 0.5, 2 * SLOT));

    assertThat(joint.slipSamples()).isCloseTo(0, within(0.01));
    assertThat(joint.levelStepDb()).isCloseTo(0, within(0.01));
    assertThat(joint.residualDb()).isLessThan(-90);
    assertThat(joint.largestStep()).isLessThan(1.001);
  }

  @Test
  void aSampleMissingAtAJoint() {
    assertThat(joint(withoutSample(tone(1000, 0.5, 2 * SLOT), SLOT)).slipSamples())
        .isCloseTo(1, within(0.02));
  }

  @Test
  void aSampleTooManyAtAJoint() {
    assertThat(joint(withSampleTwice(tone(1000, 0.5, 2 * SLOT), SLOT)).slipSamples())
        .isCloseTo(-1, within(0.02));
  }

  @Test
  void aClickAtAJoint() {
    float[] sound = tone(1000, 0.5, 2 * SLOT);
    sound[SLOT + 100] += 0.05f;

    Tones.Joint joint = joint(sound);

    assertThat(joint.residualDb()).isCloseTo(-20, within(0.1));
    assertThat(joint.residualAt()).isEqualTo(SLOT + 100);
  }

  @Test
  void aHoleAtAJointIsAsLoudAsTheTone() {
    float[] sound = tone(1000, 0.5, 2 * SLOT);
    Arrays.fill(sound, SLOT, SLOT + 240, 0);

    assertThat(joint(sound).residualDb()).isCloseTo(0, within(0.1));
  }

  @Test
  void aStepInTheLevelAtAJoint() {
    float[] sound = tone(1000, 0.25, 2 * SLOT);
    for (int i = SLOT; i < sound.length; i++) {
      sound[i] *= 1.4125f;
    }

    assertThat(joint(sound).levelStepDb()).isCloseTo(3, within(0.02));
  }

  @Test
  void everyJointOfARecordingIsLookedAt() {
    float[] sound = withoutSample(tone(1000, 0.5, 4 * SLOT), 2 * SLOT);

    ToneCheck check = ToneCheck.of(Sound.of(RATE, sound), 1000);

    assertThat(check.joints()).hasSize(3);
    assertThat(check.joints().get(0).slipSamples()).isCloseTo(0, within(0.02));
    assertThat(check.joints().get(1).slipSamples()).isCloseTo(1, within(0.02));
    assertThat(check.joints().get(2).slipSamples()).isCloseTo(0, within(0.02));
    assertThat(check.purity().slipSamples()).isCloseTo(1, within(0.02));
  }

  @Test
  void aJointTooNearToTheEndIsRefused() {
    Tones tones = Tones.of(Sound.of(RATE, tone(1000, 0.5, RATE)));

    assertThatThrownBy(() -> tones.joint(1000, RATE - 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0..48000");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9, 1.1, 1.25})
  void aSlotPlayedFasterOrSlowerAtItsPitch(double factor) throws Exception {
    Sound source = made("anull");
    Sound changed = made("atempo=" + factor);
    int length = (int) (SLOT / factor);

    SlotSpeed speed = SlotSpeed.of(source, SLOT, 2 * SLOT, changed, length, 2 * length);

    assertThat(speed.beeps()).isEqualTo(6);
    assertThat(speed.tempo()).isCloseTo(factor, within(0.01));
    assertThat(speed.pitch()).isCloseTo(1, within(0.002));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.95, 1.05})
  void aSlotAtAnotherPitch(double factor) throws Exception {
    Sound source = made("anull");
    Sound changed = made("asetrate=%d,aresample=%d".formatted(Math.round(RATE * factor), RATE));
    int length = (int) (SLOT / factor);

    SlotSpeed speed = SlotSpeed.of(source, 0, SLOT, changed, 0, length);

    assertThat(speed.pitch()).isCloseTo(factor, within(0.001));
    assertThat(speed.tempo()).isCloseTo(factor, within(0.001));
  }

  @Test
  void aSlotThatComesLate() throws Exception {
    Sound source = made("anull");
    Sound late = made("adelay=5:all=1");

    SlotSpeed speed = SlotSpeed.of(source, 0, SLOT, late, 0, SLOT);

    assertThat(speed.offsetsUs())
        .hasSize(6)
        .allSatisfy(offset -> assertThat(offset).isCloseTo(5_000, within(100L)));
    assertThat(speed.tempo()).isCloseTo(1, within(0.0001));
  }

  @Test
  void silenceHasNoSpeed() {
    Sound silence = Sound.of(RATE, new float[SLOT]);

    assertThat(SlotSpeed.of(silence, 0, SLOT, silence, 0, SLOT))
        .isEqualTo(new SlotSpeed(0, 1, 1, List.of()));
  }
}
