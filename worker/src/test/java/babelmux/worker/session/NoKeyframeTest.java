package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.worker.session.PipelineRig.Warned;
import babelmux.worker.sound.SoundOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Video whose keyframes stay away, through a whole pipeline in virtual time. */
class NoKeyframeTest {
  private static final long SECOND = 1_000_000;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @Test
  void allOfItLeavesInItsPlaceAndTheOperatorIsTold() throws Exception {
    DubRecord dub = new DubRecord();
    TimedOutput out = new TimedOutput(us -> us);
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig =
            new PipelineRig(
                List.of(
                    new DubSpec(
                        "es",
                        SoundOptions.DEFAULT,
                        96_000,
                        true,
                        shape -> EchoLink.echoing(),
                        dub)),
                List.of(new OutputMixer.Output("es", out)),
                AudioEncoder::aac)) {
      out.watch(rig);
      // The last keyframe is that of 9.96 s.
      source.withoutKeyframes(10 * SECOND, 40 * SECOND).play(rig, 0, 48 * SECOND, us -> us);
      rig.drain();
      assertThat(rig.pacer.isDone()).isTrue();
      assertThat(rig.dropped).isEmpty();
      assertThat(out.begun).as("one connection").isEqualTo(1);
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).isLessThan(50_000);
      assertThat(out.worstAudioUs).isLessThan(50_000);
      assertThat(out.longestAudioStepUs).isLessThan(22_000);
      assertThat(out.longestPauseUs).isLessThan(60_000);
      assertThat(rig.warned.stream().map(warned -> warned.kind() + " " + warned.holds()))
          .containsExactly(
              "FEW_KEYFRAMES true", "NO_KEYFRAME true", "NO_KEYFRAME false", "LONG_GOP true");
      assertThat(rig.warned.stream().map(Warned::atUs))
          .satisfiesExactly(
              us -> assertThat(us).as("after D").isBetween(24_460_000L, 24_600_000L),
              us -> assertThat(us).as("after 20 s").isBetween(29_960_000L, 30_100_000L),
              us -> assertThat(us).isEqualTo(40 * SECOND),
              us -> assertThat(us).isEqualTo(40 * SECOND));
    }
    assertThat(dub.dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(dub.fellBack).isEmpty();
  }
}
