package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Natives;
import babelmux.media.Sound;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTest {
  private static final int SLOT = 288_000;
  private static final FitPolicy STRICT = new FitPolicy(1.25, 1, true);

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private static FitPlan plan(double lengthRatio, FitPolicy policy) {
    int frames = (int) Math.round(lengthRatio * SLOT);
    return Fit.plan(frames, frames, SLOT, policy);
  }

  @ParameterizedTest
  @CsvSource({
    "0, REFUSED, 1",
    "0.00001, PADDED, 1",
    "0.7, PADDED, 1",
    "0.95, PADDED, 1",
    "0.99, PADDED, 1",
    "1, EXACT, 1",
    "1.01, TRIMMED, 1",
    "1.02, SPED, 1.02",
    "1.1, SPED, 1.1",
    "1.25, SPED, 1.25",
    "1.3, CUT, 1.25",
    "1.6, CUT, 1.25",
    "2.9, CUT, 1.25",
    "3, CUT, 1.25",
    "3.1, REFUSED, 1"
  })
  void whatIsDoneGoesByTheLength(double lengthRatio, FitAction action, double tempo) {
    FitPlan plan = plan(lengthRatio, FitPolicy.DEFAULT);
    assertThat(plan.action()).isEqualTo(action);
    assertThat(plan.tempo()).isCloseTo(tempo, within(0.0001));
    assertThat(plan.lengthRatio()).isCloseTo(lengthRatio, within(0.0001));
  }

  @ParameterizedTest
  @CsvSource({
    "0.89, REFUSED",
    "0.91, PADDED",
    "1, EXACT",
    "1.01, TRIMMED",
    "1.09, CUT",
    "1.11, REFUSED"
  })
  void strictlyNoTempoIsChangedAndTenPercentIsTheEnd(double lengthRatio, FitAction action) {
    FitPlan plan = plan(lengthRatio, STRICT);
    assertThat(plan.action()).isEqualTo(action);
    assertThat(plan.tempo()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0.94, PADDED, 1", "0.95, SLOWED, 0.95", "0.98, SLOWED, 0.98", "0.995, PADDED, 1"})
  void aDubIsSlowedOnlyIfThatFillsItsSlot(double lengthRatio, FitAction action, double tempo) {
    FitPlan plan = plan(lengthRatio, new FitPolicy(1.25, 0.95, false));
    assertThat(plan.action()).isEqualTo(action);
    assertThat(plan.tempo()).isCloseTo(tempo, within(0.0001));
  }

  @Test
  void withoutTempoALongDubIsCutAtItsOwnPace() {
    assertThat(plan(1.2, new FitPolicy(1, 1, false)).action()).isEqualTo(FitAction.CUT);
    assertThat(plan(1.2, new FitPolicy(1, 1, false)).tempo()).isEqualTo(1);
    assertThat(plan(1.6, new FitPolicy(2, 1, false)).tempo()).isCloseTo(1.6, within(0.0001));
  }

  @Test
  void aCodecsLastFrameIsNoPartOfAShortDub() {
    assertThat(Fit.plan(48_768, 48_768, 48_000, FitPolicy.DEFAULT).action())
        .isEqualTo(FitAction.TRIMMED);
    assertThat(Fit.plan(51_000, 51_000, 48_000, FitPolicy.DEFAULT).action())
        .isEqualTo(FitAction.SPED);
  }

  @Test
  void silenceAtTheEndIsNotWorthSpeedingUpFor() {
    assertThat(Fit.plan(310_000, 280_000, SLOT, FitPolicy.DEFAULT).action())
        .isEqualTo(FitAction.TRIMMED);
    FitPlan plan = Fit.plan(400_000, 302_400, SLOT, FitPolicy.DEFAULT);
    assertThat(plan.action()).isEqualTo(FitAction.SPED);
    assertThat(plan.tempo()).isCloseTo(1.05, within(0.0001));
    Sound quietEnd =
        new Sound(
            new float[][] {
              Arrays.copyOf(Tones.tone(1000, 48_000, 1, 1).channels()[0], 5000),
              Arrays.copyOf(Tones.tone(2000, 48_000, 1, 1).channels()[0], 5000)
            },
            48_000);
    assertThat(Fit.heardFrames(quietEnd)).isCloseTo(2000, within(1));
    assertThat(Fit.heardFrames(Sound.silence(2, 5000, 48_000))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0.7,48000,1",
    "0.95,44100,2",
    "0.99,22050,1",
    "1,48000,2",
    "1.01,44100,1",
    "1.1,48000,2",
    "1.1,44100,6",
    "1.25,22050,1",
    "1.3,48000,2",
    "1.6,44100,1",
    "2.9,48000,1"
  })
  void everyDubBecomesExactlyAsLongAsItsSlotAndKeepsItsPitch(
      double lengthRatio, int rate, int channels) throws Exception {
    int slot = 6 * rate;
    Sound dub = Tones.tone((int) Math.round(lengthRatio * slot), rate, channels, 1);
    FitPlan plan = Fit.plan(dub, slot, FitPolicy.DEFAULT);
    Sound fitted = Fit.apply(dub, plan);
    assertThat(fitted.frames()).isEqualTo(slot);
    assertThat(fitted.channelCount()).isEqualTo(channels);
    int end = Math.min(slot, dub.frames()) - rate / 5;
    assertThat(Tones.hertz(fitted, rate / 5, end)).isCloseTo(1000, within(2.0));
    assertThat(Tones.steepest(fitted))
        .as("no click, whatever was added or cut")
        .isLessThan(1.05f * Tones.steepest(dub));
  }

  @Test
  void whatIsCutFadesOutOverFiftyMilliseconds() throws Exception {
    Sound dub = Tones.tone(2 * SLOT, 48_000, 1, 1);
    Sound fitted = Fit.apply(dub, Fit.plan(dub, SLOT, new FitPolicy(1, 1, false)));
    for (int n = 0; n < SLOT - 2400; n += 997) {
      assertThat(fitted.channels()[0][n]).isEqualTo(dub.channels()[0][n]);
    }
    assertThat(Math.abs(fitted.channels()[0][SLOT - 1])).isLessThan(0.001f);
    assertThat(dub.channels()[0][SLOT - 13]).as("the dub itself stays").isNotZero();
  }

  @Test
  void whatIsPaddedEndsInSilenceAndTheDubStaysAsItWas() throws Exception {
    Sound dub = Tones.tone(100_013, 48_000, 2, 1);
    float last = dub.channels()[1][100_012];
    Sound fitted = Fit.apply(dub, Fit.plan(dub, SLOT, FitPolicy.DEFAULT));
    assertThat(fitted.channels()[1][100_013 - 241]).isEqualTo(dub.channels()[1][100_013 - 241]);
    for (int n = 100_013; n < SLOT; n++) {
      assertThat(fitted.channels()[1][n]).isZero();
    }
    assertThat(dub.channels()[1][100_012]).isEqualTo(last);
  }

  @Test
  void aDubThatFitsIsGivenBackAsItIs() throws Exception {
    Sound dub = Tones.tone(SLOT, 48_000, 1, 1);
    assertThat(Fit.apply(dub, Fit.plan(dub, SLOT, FitPolicy.DEFAULT))).isSameAs(dub);
  }

  @Test
  void silenceIsADubAndNothingIsNone() throws Exception {
    Sound silence = Sound.silence(2, 400_000, 48_000);
    FitPlan plan = Fit.plan(silence, SLOT, FitPolicy.DEFAULT);
    assertThat(plan.action()).isEqualTo(FitAction.TRIMMED);
    assertThat(Fit.apply(silence, plan).frames()).isEqualTo(SLOT);
    FitPlan none = Fit.plan(Sound.silence(2, 0, 48_000), SLOT, FitPolicy.DEFAULT);
    assertThat(none.action()).isEqualTo(FitAction.REFUSED);
    assertThatThrownBy(() -> Fit.apply(silence, none)).hasMessageContaining("refused");
  }

  @Test
  void aPolicyOutOfItsRangeIsRefusedWithTheValue() {
    assertThatThrownBy(() -> new FitPolicy(2.5, 1, false)).hasMessageContaining("2.5");
    assertThatThrownBy(() -> new FitPolicy(Double.NaN, 1, false)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new FitPolicy(1.25, 0.9, false)).hasMessageContaining("0.9");
  }
}
