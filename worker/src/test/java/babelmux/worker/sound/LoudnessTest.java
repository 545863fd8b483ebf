package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Sound;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoudnessTest {
  private static Loudness tone(double peakDb) {
    return Loudness.of(Tones.tone(6 * 48_000, 48_000, 2, 2 * (float) Decibels.toAmplitude(peakDb)));
  }

  /** The recommendation's own example: 0 dBFS at 997 Hz on one channel is -3.01 LKFS. */
  @ParameterizedTest
  @CsvSource({"48000,1,-3.01", "48000,2,0", "44100,1,-3.01", "22050,2,0", "96000,1,-3.01"})
  void aToneHasTheLoudnessOfTheRecommendation(int rate, int channels, double lufs) {
    Sound full = Tones.tone(3 * rate, rate, channels, 2f);
    assertThat(Loudness.of(List.of(Loudness.of(full)))).isCloseTo(lufs, within(0.1));
  }

  @Test
  void theSurroundsCountMoreAndTheLowFrequenciesNot() {
    float[][] lfe = new float[6][48_000];
    lfe[3] = Tones.tone(48_000, 48_000, 1, 2f).channels()[0];
    assertThat(Loudness.of(List.of(Loudness.of(new Sound(lfe, 48_000)))))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    float[][] side = new float[6][48_000];
    side[4] = lfe[3];
    assertThat(Loudness.of(List.of(Loudness.of(new Sound(side, 48_000)))))
        .isCloseTo(-3.01 + 1.5, within(0.1));
  }

  @Test
  void pausesAreGatedOut() {
    Loudness silence = Loudness.of(Sound.silence(2, 12 * 48_000, 48_000));
    assertThat(Loudness.of(List.of(silence))).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Loudness.of(List.of(tone(-23), silence, tone(-60)))).isCloseTo(-23, within(0.2));
    assertThat(Loudness.of(List.of())).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Loudness.of(List.of(Loudness.of(Sound.silence(1, 100, 48_000)))))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void theFirstDubGetsItsGainAtOnceAndLaterOnesMoveSlowly() {
    LoudnessMatch match = new LoudnessMatch(new LoudnessOptions(9, 30));
    GainRamp first = match.next(tone(-20), tone(-26));
    assertThat(first.from()).isEqualTo(first.to());
    assertThat(first.toDecibels()).isCloseTo(6, within(0.1));
    // The voice becomes 10 dB louder.
    double before = 6;
    for (int slot = 0; slot < 10; slot++) {
      GainRamp ramp = match.next(tone(-20), tone(-16));
      assertThat(20 * Math.log10(ramp.from())).isCloseTo(before, within(0.1));
      assertThat(Math.abs(ramp.toDecibels() - before)).isLessThan(3.01);
      before = ramp.toDecibels();
    }
    assertThat(before).isCloseTo(-4, within(0.1));
  }

  @Test
  void theGainStaysWithinItsBoundsAndNothingIsRaisedToSilence() {
    LoudnessMatch match = new LoudnessMatch(new LoudnessOptions(9, 30));
    assertThat(match.next(tone(-10), tone(-40)).toDecibels()).isCloseTo(9, within(0.001));
    LoudnessMatch down = new LoudnessMatch(new LoudnessOptions(6, 30));
    assertThat(down.next(tone(-40), tone(-10)).toDecibels()).isCloseTo(-6, within(0.001));
    Loudness silence = Loudness.of(Sound.silence(2, 288_000, 48_000));
    LoudnessMatch nothing = new LoudnessMatch(new LoudnessOptions(9, 30));
    assertThat(nothing.next(silence, tone(-20))).isEqualTo(GainRamp.NONE);
    assertThat(nothing.next(null, null)).isEqualTo(GainRamp.NONE);
    assertThat(nothing.next(tone(-23), silence).toDecibels()).isCloseTo(-3, within(0.1));
  }

  @Test
  void theOriginalIsFollowedOverItsWindow() {
    LoudnessMatch match = new LoudnessMatch(new LoudnessOptions(9, 3));
    for (int slot = 0; slot < 3; slot++) {
      match.next(tone(-15), null);
    }
    for (int slot = 0; slot < 3; slot++) {
      match.next(tone(-25), null);
    }
    assertThat(match.next(tone(-25), tone(-22)).toDecibels()).isCloseTo(-3, within(0.1));
  }

  @Test
  void aRampHasNoStep() {
    GainRamp ramp = GainRamp.ofDecibels(0, 3);
    assertThat(ramp.at(0, 288_000)).isEqualTo(1f);
    assertThat(ramp.at(287_999, 288_000)).isCloseTo(ramp.to(), within(0.00001f));
    assertThat(GainRamp.NONE.at(5, 10)).isEqualTo(1f);
  }
}
