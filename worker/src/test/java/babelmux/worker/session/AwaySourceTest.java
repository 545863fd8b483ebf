package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.sound.BedOptions;
import babelmux.worker.sound.FitPolicy;
import babelmux.worker.sound.SoundOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that goes away after 20 s, at the default delay and grace and in virtual time: when it
 * is tried, which session reads it again, and what leaves.
 */
class AwaySourceTest {
  private static final long SECOND = 1_000_000;
  private static final long LOST_US = 20 * SECOND;
  private static final long DELAY_US = PipelineRig.DELAY.toNanos() / 1000;
  private static final Duration GRACE = WorkerConfig.defaults().source().grace();

  /** MediaMTX ends a publisher's connection after 10 s without a byte. */
  private static final long SERVER_LIMIT_US = 10 * SECOND;

  private final DubRecord dub = new DubRecord();

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private PipelineRig rig(TimedOutput out) {
    return rig(out, SoundOptions.DEFAULT);
  }

  private PipelineRig rig(TimedOutput out, SoundOptions sound) {
    PipelineRig rig =
        new PipelineRig(
            List.of(new DubSpec("es", sound, 96_000, true, shape -> EchoLink.echoing(), dub)),
            List.of(new OutputMixer.Output("es", out)),
            AudioEncoder::aac);
    out.watch(rig);
    return rig;
  }

  private static SourceRetry retry(PipelineRig rig) {
    return new SourceRetry(GRACE, SessionOptions.HOOK_LIMIT, rig.nowNanos);
  }

  /**
   * Loses the source and tries it again, as {@link SourceReader} does.
   *
   * @param backUs when it can be read again, microseconds from the rig's start
   * @param told whether a hook says so then
   * @return whether it is read again; time has passed until then, or until it was given up
   */
  private static boolean isReadAgain(PipelineRig rig, SourceRetry retry, long backUs, boolean told)
      throws MediaException {
    long backNanos = rig.startNanos + backUs * 1000;
    boolean toTell = told;
    rig.lose();
    retry.lost(true, rig.nowNanos);
    while (true) {
      long tryNanos = rig.nowNanos + Math.max(0, retry.waitNanos(rig.nowNanos));
      if (toTell && backNanos <= tryNanos) {
        toTell = false;
        tryNanos = backNanos;
        assertThat(retry.available()).isTrue();
      }
      rig.runTo(tryNanos);
      if (!retry.next()) {
        return false;
      }
      if (rig.nowNanos >= backNanos) {
        return true;
      }
      retry.lost(false, rig.nowNanos);
    }
  }

  private static long us(PipelineRig rig) {
    return (rig.nowNanos - rig.startNanos) / 1000;
  }

  @ParameterizedTest
  @CsvSource({"2, true, 2", "2, false, 3", "10, true, 10", "10, false, 15", "18, true, 18"})
  void withinTheGraceTheSameOutputGoesOn(long away, boolean told, long readAfter) throws Exception {
    goesOn(SoundOptions.DEFAULT, away, told, readAfter);
  }

  /** Its limiter holds a frame back, too. */
  @ParameterizedTest
  @ValueSource(longs = {2, 10, 18})
  void soItDoesWithABed(long away) throws Exception {
    BedOptions bed = new BedOptions(-18, 0, Duration.ofMillis(50), Duration.ofMillis(200));
    goesOn(new SoundOptions(FitPolicy.DEFAULT, bed, null), away, true, away);
  }

  private void goesOn(SoundOptions sound, long away, boolean told, long readAfter)
      throws Exception {
    TimedOutput out = new TimedOutput(us -> us);
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig = rig(out, sound)) {
      source.play(rig, 0, LOST_US, us -> us);
      rig.runTo(rig.startNanos + LOST_US * 1000);
      assertThat(isReadAgain(rig, retry(rig), LOST_US + away * SECOND, told)).isTrue();
      long readUs = us(rig);
      assertThat(readUs).isEqualTo(LOST_US + readAfter * SECOND);
      // The publisher's own times begin again.
      source.play(rig, readUs, readUs + 12 * SECOND, us -> us, us -> us - readUs);
      rig.drain();
      assertThat(rig.pacer.isDone()).isTrue();
      assertThat(rig.dropped).isEmpty();
      assertThat(out.begun).as("one connection").isEqualTo(1);
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).as("every packet leaves D after it came").isLessThan(50_000);
      assertThat(out.worstSoundUs).as("none stays in the encoder").isLessThan(50_000);
      assertThat(out.longestPauseUs).isLessThan(SERVER_LIMIT_US);
      assertThat(out.longestAudioStepUs).isLessThan(SERVER_LIMIT_US);
    }
    // 18 s and 2 s before, 12 s behind.
    assertThat(dub.dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(dub.fellBack).isEmpty();
  }

  @Test
  void aMinuteIsTooLongAndTheNextOutputBeginsADelayBehindTheReturn() throws Exception {
    TimedOutput before = new TimedOutput(us -> us);
    TimedOutput after = new TimedOutput(us -> us);
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig = rig(before)) {
      SourceRetry retry = retry(rig);
      source.play(rig, 0, LOST_US, us -> us);
      rig.runTo(rig.startNanos + LOST_US * 1000);
      assertThat(isReadAgain(rig, retry, LOST_US + 60 * SECOND, true)).isFalse();
      long givenUpUs = us(rig);
      assertThat(givenUpUs).isEqualTo(LOST_US + GRACE.toNanos() / 1000);
      assertThat(rig.pacer.isDone()).as("the output is open until then").isFalse();
      rig.lose();
      rig.pacer.endWhenDry();
      rig.runTo(rig.nowNanos + SECOND * 1000);
      assertThat(rig.pacer.isDone()).as("the output is over").isTrue();
      assertThat(before.videoPackets).isEqualTo(source.videoPackets());
      assertThat(before.worstVideoUs).isLessThan(50_000);
      assertThat(before.worstSoundUs).as("none stays in the encoder").isLessThan(50_000);
      assertThat(before.lastVideoLeftUs)
          .isBetween(LOST_US + DELAY_US - 60_000, LOST_US + DELAY_US + 50_000);
      assertThat(before.audioPackets)
          .as("the end is no longer than what was read")
          .isBetween(20 * 48_000 / 1024, 20 * 48_000 / 1024 + 3);
      assertThat(before.longestAudioStepUs).isLessThan(22_000);
      assertThat(rig.dropped).isEmpty();
      assertThat(retry.available()).as("the source is another session's").isFalse();
    }
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig = rig(after)) {
      source.play(rig, 0, 12 * SECOND, us -> us);
      rig.drain();
      assertThat(after.begun).isEqualTo(1);
      assertThat(after.firstLeftUs).isBetween(DELAY_US - 50_000, DELAY_US + 50_000);
      assertThat(after.videoPackets).isEqualTo(source.videoPackets());
    }
    assertThat(dub.fellBack).isEmpty();
  }
}
