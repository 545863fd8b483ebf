package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import babelmux.media.Natives;
import babelmux.media.Sound;
import babelmux.worker.sound.BedOptions;
import babelmux.worker.sound.FitPolicy;
import babelmux.worker.sound.LoudnessOptions;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is heard while an operator switches and vetoes, mixed in frames. */
@Tag("slow")
class BypassMixTest {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final int FADE = 480;
  // Dubs are kept with 16 bits.
  private static final float ONE_BIT = 1f / 32_768;

  @AfterEach
  void closeRigs() {
    MixRig.closeAll();
  }

  private static MixRig rig(int slot) {
    return new MixRig(RATE, 2, slot, SoundOptions.DEFAULT);
  }

  private static long micros(long sample) {
    return new SampleRate(RATE).microsAt(sample);
  }

  /** Bypass and back 20 times in a minute, at any sample and in the middle of fades and joints. */
  @Test
  void anEchoedToneIsTheSameToneThroughTwentyBypassesInAMinute() {
    MixRig rig = rig(SLOT);
    Sound tone = MixRig.tone(10 * SLOT, RATE, 2, 1000, 1);
    rig.open(10);
    for (int index = 0; index < 10; index++) {
      if (index != 4) {
        rig.fill(index, tone);
      }
    }
    Random random = new Random(20);
    rig.beforeFrame =
        sample -> {
          if (sample % (3 * RATE) < 1024) {
            long on = sample + 10L * RATE / 1000 + random.nextInt(RATE);
            rig.bypass.setAt(true, micros(on), 0);
            // Each fourth one turns round within its fade.
            long back =
                sample / (3 * RATE) % 4 == 0
                    ? random.nextInt(FADE)
                    : RATE + random.nextInt(RATE / 2);
            rig.bypass.setAt(false, micros(on + back), 0);
          }
        };
    Sound out = rig.mixed(tone);
    assertThat(MixRig.worst(out, tone, 0, tone.frames())).isLessThan(ONE_BIT);
    assertThat(rig.onAir).hasSizeGreaterThan(28);
    assertThat(rig.bypassedUs).isBetween(10_000_000L, 40_000_000L);
    assertThat(rig.decisions)
        .as("segments are decided as ever")
        .containsOnly(
            "dub 0",
            "dub 1",
            "dub 2",
            "dub 3",
            "dub 5",
            "dub 6",
            "dub 7",
            "dub 8",
            "dub 9",
            "timeout 4");
  }

  @Test
  void anotherSoundMakesNoStepAboveItsOwnSlope() {
    int slot = RATE / 10;
    Sound tone = MixRig.tone(12 * slot, RATE, 2, 1000, 1);
    float own = MixRig.steepest(tone);
    for (int shift = 1; shift < 48; shift += 5) {
      MixRig rig = rig(slot);
      Sound shifted = MixRig.tone(13 * slot, RATE, 2, 1000, 1).slice(shift, 12 * slot + shift);
      rig.open(12);
      for (int index = 0; index < 12; index++) {
        rig.fill(index, shifted);
      }
      for (int n = 0; n < 19; n++) {
        // Each third one in the middle of the fade before.
        long at = 100 + n * 2711L - (n % 3 == 2 ? 2500 : 0) + shift;
        rig.bypass.setAt(n % 2 == 0, micros(at), 0);
      }
      assertThat(MixRig.steepest(rig.mixed(tone)))
          .as("shifted by %d samples", shift)
          .isLessThan(1.11f * own + 0.003f);
    }
  }

  @Test
  void whileBypassedTheOriginalIsHeardBitByBitAlsoUnderALimiter() {
    BedOptions bed = new BedOptions(-18, 0, Duration.ofMillis(50), Duration.ofMillis(200));
    MixRig rig =
        new MixRig(
            RATE, 2, SLOT, new SoundOptions(FitPolicy.DEFAULT, bed, new LoudnessOptions(9, 30)));
    Sound loud = MixRig.tone(3 * SLOT, RATE, 2, 1000, 2.4);
    rig.open(3);
    for (int index = 0; index < 3; index++) {
      rig.fill(index, MixRig.tone(3 * SLOT, RATE, 2, 3000, 2.4));
    }
    int on = SLOT - 100;
    int off = 2 * SLOT + 777;
    rig.bypass.setAt(true, micros(on), 0);
    rig.bypass.setAt(false, micros(off), 0);
    Sound out = rig.mixed(loud);
    assertThat(MixRig.worst(out, loud, on + FADE + 1, off)).isZero();
    assertThat(MixRig.worst(out, loud, 0, on)).isGreaterThan(0.5f);
    assertThat(MixRig.worst(out, loud, off + FADE, 3 * SLOT)).isGreaterThan(0.5f);
    assertThat(rig.onAir).containsExactly(true, false, true);
  }

  @Test
  void aVetoedSlotIsTheOriginalAndItsNeighboursAreDubs() {
    MixRig rig = rig(SLOT);
    Sound tone = MixRig.tone(4 * SLOT, RATE, 2, 1000, 1);
    Sound silence = Sound.silence(2, 4 * SLOT, RATE);
    rig.open(4);
    rig.fill(0, silence);
    rig.fill(1, silence);
    // One with its dub, one before its dub.
    assertThat(rig.timeline.veto(1)).isEqualTo(Veto.DONE);
    assertThat(rig.timeline.veto(2)).isEqualTo(Veto.DONE);
    assertThat(rig.timeline.veto(2)).as("again").isEqualTo(Veto.DONE);
    assertThat(rig.fill(2, silence)).as("taken, and counted").isTrue();
    rig.fill(3, silence);
    Sound out = rig.mixed(tone);
    assertThat(MixRig.worst(out, silence, FADE, SLOT - FADE)).isZero();
    assertThat(MixRig.worst(out, tone, SLOT, 3 * SLOT)).isZero();
    assertThat(MixRig.worst(out, silence, 3 * SLOT + FADE, 4 * SLOT - FADE)).isZero();
    assertThat(rig.decisions)
        .containsExactly("dub 0", "dub 1", "veto 1", "veto 2", "dub 2", "dub 3");
    assertThat(rig.onAir).containsExactly(true, false, true);
  }

  @Test
  void aVetoFreesTheDubAtOnce() {
    long before = Natives.live();
    MixRig rig = rig(SLOT);
    Sound tone = MixRig.tone(2 * SLOT, RATE, 2, 1000, 1);
    rig.open(2);
    rig.fill(0, tone);
    rig.timeline.veto(0);
    rig.timeline.veto(1);
    rig.fill(1, tone);
    assertThat(Natives.live()).isEqualTo(before);
  }

  @Test
  void aSlotThatWaitsForNothingIsCountedAsEverWhenItIsVetoed() {
    MixRig rig = rig(SLOT);
    rig.open(1);
    rig.timeline.veto(0);
    rig.mixed(MixRig.tone(SLOT, RATE, 2, 1000, 1));
    assertThat(rig.decisions).containsExactly("veto 0", "timeout 0");
  }

  @Test
  void aVetoThatWouldNotTakeEffectWhollyIsRefused() {
    MixRig rig = rig(SLOT);
    Sound tone = MixRig.tone(3 * SLOT, RATE, 2, 1000, 1);
    rig.open(3);
    for (int index = 0; index < 3; index++) {
      rig.fill(index, Sound.silence(2, 3 * SLOT, RATE));
    }
    assertThat(rig.timeline.veto(3)).isEqualTo(Veto.UNKNOWN);
    assertThat(rig.timeline.veto(-1)).isEqualTo(Veto.UNKNOWN);
    AtomicInteger asked = new AtomicInteger();
    // Slot 1 begins in the frame that is mixed next, with the fade of slot 0 to it.
    rig.beforeFrame =
        sample -> {
          if (sample + 1024 > SLOT - FADE && sample <= SLOT - FADE) {
            assertThat(rig.timeline.veto(1)).isEqualTo(Veto.DONE);
          } else if (sample > 2 * SLOT - FADE && sample < 2 * SLOT + 1024) {
            asked.incrementAndGet();
            assertThat(rig.timeline.veto(2))
                .as("the fade before it is mixed")
                .isEqualTo(Veto.BEGUN);
            assertThat(rig.timeline.veto(0)).isEqualTo(Veto.AIRED);
          }
        };
    Sound out = rig.mixed(tone);
    assertThat(MixRig.worst(out, tone, SLOT, 2 * SLOT)).isZero();
    assertThat(asked).hasValue(1);
    rig.timeline.written(2 * SLOT + 1, 0);
    assertThat(rig.timeline.veto(2)).isEqualTo(Veto.AIRED);
    assertThat(rig.timeline.veto(1)).as("holds").isEqualTo(Veto.DONE);
    assertThat(rig.decisions).containsExactly("dub 0", "dub 1", "dub 2", "veto 1");
  }

  @Test
  void slotsAreToldWithWhatBecameOfThem() {
    MixRig rig = rig(RATE);
    SampleRate rate = new SampleRate(RATE);
    Sound tone = MixRig.tone(40 * RATE, RATE, 2, 1000, 1);
    rig.open(30);
    rig.timeline.refuse(24, FallbackReason.ERROR, "no");
    rig.fill(25, tone);
    rig.timeline.said(25, "good evening", "buenas noches");
    rig.timeline.veto(25);
    rig.mixed(tone.slice(0, 23 * RATE + RATE / 2));
    rig.timeline.written(23 * RATE, 0);
    var slots = rig.timeline.slots(rate, 3_000_000);
    assertThat(slots).hasSize(DubTimeline.LEFT_SLOTS + 7);
    assertThat(slots.get(0).number()).isEqualTo(3);
    assertThat(slots.get(19))
        .isEqualTo(
            new SlotStatus(
                22,
                "f22",
                25_000_000,
                26_000_000,
                SlotState.ORIGINAL,
                FallbackReason.TIMEOUT,
                false,
                true,
                null,
                null));
    assertThat(slots.get(20).aired()).as("is being mixed").isFalse();
    assertThat(slots.get(21).reason()).isEqualTo(FallbackReason.ERROR);
    assertThat(slots.get(22))
        .isEqualTo(
            new SlotStatus(
                25,
                "f25",
                28_000_000,
                29_000_000,
                SlotState.DUB,
                null,
                true,
                false,
                "good evening",
                "buenas noches"));
    assertThat(slots.get(26).state()).isEqualTo(SlotState.WAITING);
    rig.timeline.close();
    assertThat(rig.timeline.slots(rate, 0)).isEmpty();
    assertThat(rig.timeline.veto(29)).isEqualTo(Veto.AIRED);
  }

  /** It is told, too: nobody sees a number that is missing. */
  @Test
  void aSlotThatWasCutTooLateIsToldInItsPlace() {
    MixRig rig = rig(SLOT);
    rig.mixed(Sound.silence(2, SLOT + 1024, RATE));
    assertThat(rig.timeline.open(new Segment(0, 0, SLOT), "f0", 0)).isFalse();
    assertThat(rig.timeline.open(new Segment(1, 2L * SLOT, SLOT), "f1", 0)).isTrue();
    assertThat(rig.timeline.slots(new SampleRate(RATE), 0))
        .extracting(SlotStatus::number, SlotStatus::state, SlotStatus::reason)
        .containsExactly(
            tuple(0L, SlotState.ORIGINAL, FallbackReason.TIMEOUT),
            tuple(1L, SlotState.WAITING, null));
    assertThat(rig.timeline.veto(0)).isEqualTo(Veto.AIRED);
  }
}
