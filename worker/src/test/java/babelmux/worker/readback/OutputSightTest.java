package babelmux.worker.readback;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import org.junit.jupiter.api.Test;

class OutputSightTest {
  private static final long SECOND = 1_000_000_000L;

  private final OutputSight sight = new OutputSight();

  private void video(long... timesUs) {
    for (long time : timesUs) {
      sight.packet(TrackKind.VIDEO, time);
    }
  }

  private void audio(long... timesUs) {
    for (long time : timesUs) {
      sight.packet(TrackKind.AUDIO, time);
    }
  }

  @Test
  void bothTracksThatMoveAreWell() {
    video(3_000_000, 3_400_000);
    audio(3_010_000, 3_330_000);
    assertThat(sight.moves(TrackKind.VIDEO)).isTrue();
    assertThat(sight.judge(true, true)).isEqualTo(OutputCheck.OK);
  }

  @Test
  void nothingThatWasToComeSaysNothing() {
    assertThat(sight.judge(false, false)).isNull();
    assertThat(sight.judge(true, true)).isEqualTo(OutputCheck.NOTHING);
    assertThat(sight.judge(false, true)).isEqualTo(OutputCheck.NOTHING);
  }

  @Test
  void theTrackThatIsMissingIsNamed() {
    audio(0, 400_000);
    assertThat(sight.judge(true, true)).isEqualTo(OutputCheck.NO_VIDEO);
    assertThat(sight.judge(false, true)).as("no keyframe was sent").isEqualTo(OutputCheck.OK);
  }

  @Test
  void videoAloneLacksAudio() {
    video(0, 400_000);
    assertThat(sight.judge(true, true)).isEqualTo(OutputCheck.NO_AUDIO);
    assertThat(sight.judge(true, false)).isEqualTo(OutputCheck.OK);
  }

  @Test
  void timesThatDoNotMoveAreFrozen() {
    video(0, 400_000);
    audio(0, 20_000, 40_000);
    assertThat(sight.judge(true, true)).isEqualTo(OutputCheck.FROZEN);
    assertThat(sight.judge(true, false)).isEqualTo(OutputCheck.OK);
    video(100_000);
    assertThat(sight.judge(true, false)).as("back again").isEqualTo(OutputCheck.FROZEN);
  }

  @Test
  void aTrackIsDueWhenHalfASecondOfItHasHadItsTime() {
    SentSince sent = new SentSince();
    sent.sent(TrackKind.AUDIO, true, 7_000_000, SECOND);
    sent.sent(TrackKind.AUDIO, true, 7_499_000, SECOND);
    assertThat(sent.isDue(TrackKind.AUDIO, 9 * SECOND, SECOND)).as("too little").isFalse();
    sent.sent(TrackKind.AUDIO, true, 7_500_000, 2 * SECOND);
    sent.sent(TrackKind.AUDIO, true, 9_000_000, 8 * SECOND);
    assertThat(sent.isDue(TrackKind.AUDIO, 3 * SECOND - 1, SECOND)).isFalse();
    assertThat(sent.isDue(TrackKind.AUDIO, 3 * SECOND, SECOND)).isTrue();
    assertThat(sent.isDue(TrackKind.VIDEO, 9 * SECOND, SECOND)).isFalse();
  }

  @Test
  void videoIsDueFromAKeyframeOn() {
    SentSince sent = new SentSince();
    for (int n = 0; n < 10; n++) {
      sent.sent(TrackKind.VIDEO, false, 1_000_000L * n, n * SECOND);
    }
    assertThat(sent.isDue(TrackKind.VIDEO, 20 * SECOND, SECOND)).isFalse();
    sent.sent(TrackKind.VIDEO, true, 10_000_000, 10 * SECOND);
    sent.sent(TrackKind.VIDEO, false, 11_000_000, 11 * SECOND);
    assertThat(sent.isDue(TrackKind.VIDEO, 12 * SECOND, SECOND)).isTrue();
  }
}
