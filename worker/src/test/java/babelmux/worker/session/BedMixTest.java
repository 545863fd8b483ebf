package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Sound;
import babelmux.worker.sound.BedOptions;
import babelmux.worker.sound.FitPolicy;
import babelmux.worker.sound.LoudnessOptions;
import babelmux.worker.sound.SoundOptions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The original under the dub, the limiter, and what neither may touch. */
class BedMixTest {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final BedOptions BED =
      new BedOptions(-18, 0, Duration.ofMillis(50), Duration.ofMillis(200));
  private static final double DUCKED = Math.pow(10, -18 / 20.0);

  @AfterEach
  void closeRigs() {
    MixRig.closeAll();
  }

  private static MixRig rig(int channels) {
    return new MixRig(RATE, channels, SLOT, new SoundOptions(FitPolicy.DEFAULT, BED, null));
  }

  /** Silence with a tone of 3 kHz from one sample to another. */
  private static Sound speech(int frames, int channels, float amplitude, int from, int to) {
    float[][] out = new float[channels][frames];
    for (float[] channel : out) {
      for (int n = from; n < to; n++) {
        channel[n] = (float) (amplitude * Math.sin(2 * Math.PI * 3000 * n / RATE));
      }
    }
    return new Sound(out, RATE);
  }

  private static double amplitude(Sound sound, double hertz, int from, int frames) {
    double re = 0;
    double im = 0;
    for (int n = from; n < from + frames; n++) {
      double angle = 2 * Math.PI * hertz * n / RATE;
      re += sound.channels()[0][n] * Math.cos(angle);
      im += sound.channels()[0][n] * Math.sin(angle);
    }
    return 2 * Math.hypot(re, im) / frames;
  }

  @Test
  void theOriginalGoesDownBeforeTheDubSpeaksAndComesUpAfterIt() {
    MixRig rig = rig(1);
    Sound original = MixRig.tone(3 * SLOT, RATE, 1, 1000, 0.5);
    int from = SLOT + 2 * RATE;
    int to = SLOT + 4 * RATE;
    rig.open(3);
    rig.fill(1, speech(3 * SLOT, 1, 0.25f, from, to));
    Sound out = rig.mixed(original);
    double open = 0.25;
    assertThat(amplitude(out, 1000, from - RATE / 5, 4800)).isCloseTo(open, within(0.001));
    assertThat(amplitude(out, 1000, from, 480)).isCloseTo(open * DUCKED, within(0.01));
    assertThat(amplitude(out, 1000, from + 4800, RATE)).isCloseTo(open * DUCKED, within(0.0005));
    assertThat(amplitude(out, 3000, from + 4800, RATE)).isCloseTo(0.25, within(0.001));
    assertThat(amplitude(out, 1000, to, 4800))
        .as("held while a pause may be one between words")
        .isCloseTo(open * DUCKED, within(0.0005));
    assertThat(amplitude(out, 1000, to + RATE / 4 + RATE / 10, 48))
        .as("half of the release: half of the decibels")
        .isCloseTo(open * Math.sqrt(DUCKED), within(0.02));
    assertThat(amplitude(out, 1000, to + RATE / 2, RATE)).isCloseTo(open, within(0.001));
    assertThat(rig.limitedUs).isZero();
  }

  @Test
  void originalSlotsAreNotTouchedBitByBit() {
    MixRig rig =
        new MixRig(
            RATE, 2, SLOT, new SoundOptions(FitPolicy.DEFAULT, BED, new LoudnessOptions(9, 30)));
    Sound original = MixRig.tone(5 * SLOT + 99, RATE, 2, 1000, 2.4);
    rig.open(5);
    rig.fill(1, speech(5 * SLOT, 2, 1.2f, 0, 5 * SLOT));
    rig.fill(3, speech(5 * SLOT, 2, 1.2f, 0, 5 * SLOT));
    Sound out = rig.mixed(original);
    for (int slot : new int[] {0, 2, 4}) {
      for (int c = 0; c < 2; c++) {
        assertThat(Arrays.copyOfRange(out.channels()[c], slot * SLOT, (slot + 1) * SLOT))
            .isEqualTo(Arrays.copyOfRange(original.channels()[c], slot * SLOT, (slot + 1) * SLOT));
      }
    }
    assertThat(rig.limitedUs).as("about two slots").isBetween(11_500_000L, 12_000_000L);
    for (int n = SLOT + 480; n < 2 * SLOT - 480; n++) {
      assertThat(Math.abs(out.channels()[0][n])).isLessThan(0.8913f);
    }
  }

  @Test
  void fromDubToDubTheBedGlides() {
    MixRig rig = rig(1);
    Sound original = MixRig.tone(4 * SLOT, RATE, 1, 1000, 1);
    rig.open(4);
    // It speaks up to its end, and the next one is silent.
    rig.fill(1, speech(4 * SLOT, 1, 0.25f, SLOT, 2 * SLOT));
    rig.fill(2, Sound.silence(1, 4 * SLOT, RATE));
    Sound out = rig.mixed(original);
    assertThat(amplitude(out, 1000, 2 * SLOT + 480, 480))
        .as("no jump of the bed at the joint")
        .isLessThan(0.5 * DUCKED * 1.3);
    assertThat(amplitude(out, 1000, 2 * SLOT + RATE, RATE)).isCloseTo(0.5, within(0.001));
    assertThat(MixRig.steepest(out)).isLessThan(0.25f * 0.4f + 0.5f * 0.14f);
  }

  @Test
  void aDubThatSaysNothingLeavesTheOriginalBitByBit() {
    MixRig rig = rig(2);
    Sound original = MixRig.tone(3 * SLOT, RATE, 2, 1000, 2.2);
    rig.open(3);
    rig.fill(1, Sound.silence(2, 3 * SLOT, RATE));
    Sound out = rig.mixed(original);
    assertThat(MixRig.worst(out, original, 0, SLOT)).isZero();
    assertThat(MixRig.worst(out, original, 2 * SLOT, 3 * SLOT)).isZero();
  }

  @Test
  void theLevelInPausesIsASettingToo() {
    BedOptions steady = new BedOptions(-18, -18, Duration.ofMillis(50), Duration.ofMillis(200));
    MixRig rig = new MixRig(RATE, 1, SLOT, new SoundOptions(FitPolicy.DEFAULT, steady, null));
    Sound original = MixRig.tone(3 * SLOT, RATE, 1, 1000, 1);
    rig.open(3);
    rig.fill(1, speech(3 * SLOT, 1, 0.25f, SLOT + RATE, SLOT + 2 * RATE));
    Sound out = rig.mixed(original);
    for (int second = 0; second < 5; second++) {
      assertThat(amplitude(out, 1000, SLOT + second * RATE + 4800, 4800))
          .isCloseTo(0.5 * DUCKED, within(0.0005));
    }
  }
}
