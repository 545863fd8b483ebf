package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyframeWatchTest {
  private static final long SECOND = 1_000_000;

  private final KeyframeWatch watch = new KeyframeWatch();

  private boolean isMissingAt(boolean hasVideo, boolean keyframe, long dtsUs) {
    watch.packet(hasVideo, keyframe, dtsUs);
    return watch.isMissing();
  }

  @Test
  void videoThatHasNoKeyframeBehindItsFirstOneIsNoticedUntilItsNextOne() {
    assertThat(isMissingAt(true, true, 0)).isFalse();
    for (int second = 1; second <= 20; second++) {
      assertThat(isMissingAt(true, false, second * SECOND)).isFalse();
    }
    assertThat(isMissingAt(true, false, 21 * SECOND)).isTrue();
    assertThat(isMissingAt(true, false, 22 * SECOND)).isTrue();
    assertThat(isMissingAt(true, true, 23 * SECOND)).isFalse();
  }

  @Test
  void aGopOfTenSecondsIsNothingSpecial() {
    for (int tenth = 0; tenth < 1000; tenth++) {
      assertThat(isMissingAt(true, tenth % 100 == 0, tenth * SECOND / 10)).isFalse();
    }
  }

  @Test
  void aVideoTrackOfWhichNothingComesIsNoticedByItsAudio() {
    for (int second = 0; second <= 20; second++) {
      assertThat(isMissingAt(true, false, second * SECOND)).isFalse();
    }
    assertThat(isMissingAt(true, false, 21 * SECOND)).isTrue();
  }

  @Test
  void audioAloneHasNoKeyframesToMiss() {
    for (int second = 0; second < 100; second++) {
      assertThat(isMissingAt(false, false, second * SECOND)).isFalse();
    }
  }

  @Test
  void theTimeWithoutAVideoTrackDoesNotCount() {
    watch.packet(true, true, 0);
    for (int second = 1; second <= 60; second++) {
      assertThat(isMissingAt(false, false, second * SECOND)).isFalse();
    }
    assertThat(isMissingAt(true, false, 61 * SECOND)).isFalse();
    assertThat(isMissingAt(true, false, 81 * SECOND)).isTrue();
  }

  @Test
  void theTimeWithoutTheSourceDoesNotCount() {
    watch.packet(true, true, 0);
    watch.restart();
    assertThat(isMissingAt(true, false, 60 * SECOND)).isFalse();
    assertThat(isMissingAt(true, false, 81 * SECOND)).isTrue();
  }
}
