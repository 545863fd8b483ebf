package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.RtmpProtocolException;
import org.junit.jupiter.api.Test;

class PublishAnalysisTest {
  private static final MediaTag AVC = new MediaTag(true, Role.CONFIG, 0, "avc1", false, 5);
  private static final MediaTag PICTURE = new MediaTag(true, Role.KEYFRAME, 0, "avc1", false, 5);
  private static final MediaTag AAC_1 = new MediaTag(false, Role.CONFIG, 1, "mp4a", true, 7);
  private static final MediaTag SOUND_1 = new MediaTag(false, Role.FRAME, 1, "mp4a", true, 7);

  private final PublishAnalysis analysis = new PublishAnalysis();

  @Test
  void itIsOverTwoSecondsAfterTheFirstMessage() throws RtmpProtocolException {
    assertThat(analysis.offer(AVC, 0)).isFalse();
    assertThat(analysis.offer(PICTURE, 1999)).isFalse();
    assertThat(analysis.offer(PICTURE, 2000)).isTrue();
    assertThat(analysis.tracks()).containsExactly(new Track(true, 0, "avc1"));
  }

  @Test
  void enhancedHeadersDoNotStartTheClock() throws RtmpProtocolException {
    assertThat(analysis.offer(AAC_1, 0)).isFalse();
    assertThat(analysis.offer(SOUND_1, 3000)).isFalse();
    assertThat(analysis.offer(SOUND_1, 4999)).isFalse();
    assertThat(analysis.offer(SOUND_1, 5000)).isTrue();
  }

  @Test
  void timeThatRunsBackwardsDoesNotEndIt() throws RtmpProtocolException {
    assertThat(analysis.offer(AVC, 100_000)).isFalse();
    assertThat(analysis.offer(PICTURE, 10)).isFalse();
    assertThat(analysis.offer(PICTURE, 102_000)).isTrue();
  }

  @Test
  void nothingUsableIsRefused() throws RtmpProtocolException {
    analysis.offer(PICTURE, 0);
    assertThatThrownBy(() -> analysis.offer(PICTURE, 2000)).hasMessage("no tracks found");
  }

  @Test
  void soundOfATrackThatWasNotAnnouncedIsRefused() {
    assertThatThrownBy(() -> analysis.offer(SOUND_1, 0)).hasMessage("sequence start not received");
  }

  @Test
  void anAnnouncedTrackWithoutSoundIsRefused() throws RtmpProtocolException {
    analysis.offer(AVC, 0);
    analysis.offer(AAC_1, 0);
    assertThatThrownBy(() -> analysis.offer(PICTURE, 2000))
        .hasMessage("audio track 1 not configured");
  }
}
