package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.Natives;
import babelmux.media.Sound;
import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Fades;
import babelmux.worker.sound.Joint;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where originals and dubs meet, mixed in frames as the output thread does it. */
@Tag("slow")
class JointTest {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  // Dubs are kept with 16 bits.
  private static final float ONE_BIT = 1f / 32_768;

  @AfterEach
  void closeRigs() {
    MixRig.closeAll();
  }

  private static MixRig rig() {
    return new MixRig(RATE, 1, SLOT, SoundOptions.DEFAULT);
  }

  static Stream<Arguments> formats() {
    return Stream.of(22_050, 44_100, 48_000)
        .flatMap(rate -> Stream.of(1, 2, 6).map(channels -> Arguments.of(rate, channels)));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void anEchoedToneIsTheSameToneThroughEveryKindOfJoint(int rate, int channels) {
    MixRig rig = new MixRig(rate, channels, 6 * rate, SoundOptions.DEFAULT);
    Sound tone = MixRig.tone(6 * 6 * rate + 777, rate, channels, 1000, 1);
    rig.open(6);
    for (int index : new int[] {0, 2, 3, 5}) {
      assertThat(rig.fill(index, tone)).isTrue();
    }
    Sound out = rig.mixed(tone);
    assertThat(MixRig.worst(out, tone, 0, tone.frames())).isLessThan(ONE_BIT);
    assertThat(rig.decisions)
        .containsExactly("dub 0", "dub 2", "dub 3", "dub 5", "timeout 1", "timeout 4");
  }

  @ParameterizedTest
  @CsvSource({"479", "480", "100", "961", "1500", "1"})
  void slotsShorterThanTheirFadesAreTheSameTone(int slot) {
    MixRig rig = new MixRig(RATE, 2, slot, SoundOptions.DEFAULT);
    Sound tone = MixRig.tone(9 * slot, RATE, 2, 1000, 1);
    rig.open(9);
    for (int index : new int[] {1, 3, 4, 6, 7}) {
      rig.fill(index, tone);
    }
    assertThat(MixRig.worst(rig.mixed(tone), tone, 0, tone.frames())).isLessThan(ONE_BIT);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void anotherSoundMakesNoStepAboveItsOwnSlope(int rate, int channels) {
    for (int shift = 1; shift < rate / 1000; shift += 5) {
      int slot = rate / 10;
      MixRig rig = new MixRig(rate, channels, slot, SoundOptions.DEFAULT);
      Sound tone = MixRig.tone(6 * slot, rate, channels, 1000, 1);
      Sound shifted = MixRig.tone(6 * slot, rate, channels, 1000, 1).slice(shift, 6 * slot);
      Sound longer = new Sound(shifted.channels(), rate);
      rig.open(5);
      rig.fill(1, tone);
      rig.fill(2, longer);
      rig.fill(4, longer);
      float own = MixRig.steepest(tone);
      assertThat(MixRig.steepest(rig.mixed(tone)))
          .as("shifted by %d samples", shift)
          .isLessThan(1.11f * own + 0.003f);
    }
  }

  @Test
  void aDubReplacesTheOriginalInItsSlotAndNowhereElse() {
    MixRig rig = rig();
    Sound tone = MixRig.tone(3 * SLOT, RATE, 1, 1000, 1);
    rig.open(3);
    rig.timeline.refuse(0, FallbackReason.ERROR, "no");
    rig.fill(1, Sound.silence(1, 3 * SLOT, RATE));
    rig.timeline.refuse(2, FallbackReason.ERROR, "no");
    Sound out = rig.mixed(tone);
    Sound silence = Sound.silence(1, 3 * SLOT, RATE);
    assertThat(MixRig.worst(out, tone, 0, SLOT)).isZero();
    assertThat(MixRig.worst(out, silence, SLOT + 480, 2 * SLOT - 480)).isZero();
    assertThat(MixRig.worst(out, tone, 2 * SLOT, 3 * SLOT)).isZero();
    for (int n = 1; n < 480; n++) {
      float gain = Fades.in(479 - n, 480);
      assertThat(out.channels()[0][SLOT + n])
          .isCloseTo(gain * tone.channels()[0][SLOT + n], within(0.000001f));
    }
  }

  @Test
  void onlyTheFirstDecisionCounts() {
    MixRig rig = rig();
    rig.open(1);
    rig.timeline.refuse(0, FallbackReason.ERROR, "no");
    assertThat(rig.fill(0, Sound.silence(1, SLOT, RATE))).isFalse();
    rig.timeline.refuse(0, FallbackReason.TIMEOUT, "late");
    assertThat(rig.decisions).containsExactly("error 0");
  }

  @Test
  void aDubsMemoryGoesWhenItsSlotHasLeftAndTheRestAtTheEnd() {
    long before = Natives.live();
    MixRig rig = rig();
    rig.open(3);
    Sound tone = MixRig.tone(3 * SLOT, RATE, 1, 1000, 1);
    for (int slot = 0; slot < 3; slot++) {
      assertThat(rig.fill(slot, tone)).isTrue();
    }
    assertThat(Natives.live()).isEqualTo(before + 3);
    rig.mixed(Sound.silence(1, SLOT + 2048, RATE));
    assertThat(Natives.live()).isEqualTo(before + 2);
    rig.timeline.close();
    assertThat(Natives.live()).isEqualTo(before);
    assertThat(rig.fill(2, tone)).as("an answer after the session's end").isFalse();
    assertThat(Natives.live()).isEqualTo(before);
  }

  @Test
  void aSegmentThatIsCutAfterItsTimeFallsBackAtOnce() {
    MixRig rig = rig();
    rig.mixed(Sound.silence(1, SLOT + 1024, RATE));
    assertThat(rig.timeline.open(new Segment(0, 0, SLOT), "f0", 0)).isFalse();
    assertThat(rig.decisions).containsExactly("timeout 0");
  }

  private static Dub dub(int from, double hertz, int channels) {
    return new Dub(MixRig.tone(from + SLOT, RATE, channels, hertz, 1).slice(from, from + SLOT));
  }

  @Test
  void seamsAreToldFromSteps() {
    try (Dub first = dub(0, 1000, 2);
        Dub next = dub(SLOT, 1000, 2);
        Dub later = dub(SLOT + 12, 1000, 2)) {
      assertThat(Joint.isContinuous(first, next)).isTrue();
      assertThat(Joint.isContinuous(first, later)).isFalse();
    }
    for (int n = 0; n < 480; n++) {
      assertThat(Fades.in(n, 480) + Fades.in(479 - n, 480)).isBetween(0.9999f, 1.0001f);
    }
  }

  @Test
  void aStepOnAnyChannelIsAStep() {
    Sound left = MixRig.tone(SLOT, RATE, 2, 1000, 1);
    Sound right = Sound.silence(2, SLOT, RATE);
    left.channels()[0][SLOT - 1] = 0;
    left.channels()[1][SLOT - 1] = 0.5f;
    try (Dub first = new Dub(left);
        Dub second = new Dub(right)) {
      assertThat(Joint.isContinuous(first, second)).isFalse();
    }
  }
}
