package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTest {
  private static Sound ones(int frames) {
    float[][] samples = new float[2][frames];
    for (float[] channel : samples) {
      java.util.Arrays.fill(channel, 1f);
    }
    return new Sound(samples, 48_000);
  }

  @ParameterizedTest
  @CsvSource({
    "288000,EXACT",
    "288768,TRIMMED",
    "290880,TRIMMED",
    "291000,CUT",
    "400000,CUT",
    "200000,PADDED"
  })
  void everyDubBecomesAsLongAsItsSlot(int frames, FitAction action) {
    Fit.Fitted fitted = Fit.fit(ones(frames), 288_000);
    assertThat(fitted.sound().frames()).isEqualTo(288_000);
    assertThat(fitted.action()).isEqualTo(action);
    float last = fitted.sound().channels()[0][287_999];
    assertThat(last)
        .isEqualTo(action == FitAction.PADDED ? 0f : action == FitAction.CUT ? last : 1f);
    if (action == FitAction.CUT) {
      assertThat(last).isLessThan(0.001f);
      assertThat(fitted.sound().channels()[1][288_000 - 2401]).isEqualTo(1f);
    }
  }

  @Test
  void whatCannotBeADubIsAbsurd() {
    assertThat(Fit.isAbsurd(0, 288_000)).isTrue();
    assertThat(Fit.isAbsurd(864_001, 288_000)).isTrue();
    assertThat(Fit.isAbsurd(864_000, 288_000)).isFalse();
    assertThat(Fit.isAbsurd(1, 288_000)).isFalse();
  }
}
