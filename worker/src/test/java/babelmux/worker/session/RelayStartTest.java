package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import org.junit.jupiter.api.Test;

class RelayStartTest {
  private final RelayStart start = new RelayStart();

  @Test
  void beginsWhenBothTracksAreKnown() {
    assertThat(start.read(false, true, 0)).isFalse();
    assertThat(start.read(true, true, 20_000)).isTrue();
    assertThat(start.hasBegun()).isTrue();
  }

  @Test
  void waitsForAKeyframeOfVideoThatIsAnnouncedAndKeepsALittleAudio() {
    start.announced(TrackKind.AUDIO);
    start.announced(TrackKind.VIDEO);
    assertThat(start.read(false, true, 9_999_000)).isFalse();
    assertThat(start.leadUs(false, 9_999_000)).isEqualTo(9_499_000);
    assertThat(start.read(false, true, RelayStart.MAX_VIDEO_WAIT_US)).isTrue();
    assertThat(start.leadUs(false, 11_000_000)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void oneTrackThatIsAloneGoesAfterASecondAndWhole() {
    start.announced(TrackKind.AUDIO);
    assertThat(start.read(false, true, 999_000)).isFalse();
    assertThat(start.leadUs(false, 999_000)).isEqualTo(Long.MIN_VALUE);
    assertThat(start.read(false, true, RelayStart.MAX_WAIT_US)).isTrue();
  }

  @Test
  void videoWaitsOnlyASecondForItsAudio() {
    start.announced(TrackKind.AUDIO);
    start.announced(TrackKind.VIDEO);
    assertThat(start.read(true, false, 999_000)).isFalse();
    assertThat(start.leadUs(true, 999_000)).isEqualTo(Long.MIN_VALUE);
    assertThat(start.read(true, false, RelayStart.MAX_WAIT_US)).isTrue();
  }
}
