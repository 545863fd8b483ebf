package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BypassFadeTest {
  private static final int RATE = 48_000;
  private static final int FADE = 480;

  /** The steepest part of a raised cosine, with the rounding of its single samples. */
  private static final float STEEPEST = (float) (Math.PI / 2 / FADE) + 0.0001f;

  @Test
  void aSwitchIsAFadeOfTenMillisecondsAndItsOppositeAddsUpToOne() {
    BypassFade off = BypassFade.settled(RATE, false);
    BypassFade on = BypassFade.settled(RATE, true);
    BypassFade going = off.switched(1000, true);
    BypassFade coming = on.switched(1000, false);
    assertThat(going.share(999)).isOne();
    assertThat(going.share(1000)).isOne();
    assertThat(going.share(1001 + FADE)).isZero();
    assertThat(going.share(Long.MAX_VALUE / 2)).isZero();
    assertThat(going.isDubFrom(1000)).isFalse();
    assertThat(coming.isDubFrom(1000 + FADE)).isFalse();
    assertThat(coming.isDubFrom(1001 + FADE)).isTrue();
    for (long n = 990; n < 1500; n++) {
      assertThat(going.share(n) + coming.share(n)).isCloseTo(1f, within(0.0001f));
    }
  }

  @Test
  void whatIsSwitchedToWhatItIsStays() {
    BypassFade on = BypassFade.settled(RATE, false).switched(500, true);
    assertThat(on.switched(600, true)).isEqualTo(on);
  }

  /** Also one in the middle of another one's fade. */
  @Test
  void noSwitchAtAnySampleMakesAStep() {
    Random random = new Random(11);
    BypassFade fade = BypassFade.settled(RATE, false);
    long next = 100;
    float before = 1f;
    for (long n = 0; n < 10 * RATE; n++) {
      if (n == next) {
        fade = fade.switched(n, !fade.isOn());
        next = n + 1 + random.nextInt(n % 2 == 0 ? FADE : 4 * FADE);
      }
      float share = fade.share(n);
      assertThat(share).isBetween(0f, 1f);
      assertThat(Math.abs(share - before)).as("step at sample %d", n).isLessThan(STEEPEST);
      before = share;
    }
  }
}
