package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyframeWatchTest {
  private static final long SECOND = 1_000_000;

  private final KeyframeWatch watch = new KeyframeWatch();

  @Test
  void videoThatHasNoKeyframeBehindItsFirstOneIsNoticedOnceAndItsNextOneToo() {
    assertThat(watch.packet(true, true, 0)).isFalse();
    for (int second = 1; second <= 20; second++) {
      assertThat(watch.packet(true, false, second * SECOND)).isFalse();
    }
    assertThat(watch.packet(true, false, 21 * SECOND)).isTrue();
    assertThat(watch.isMissing()).isTrue();
    assertThat(watch.packet(true, false, 22 * SECOND)).isFalse();
    assertThat(watch.packet(true, true, 23 * SECOND)).isTrue();
    assertThat(watch.isMissing()).isFalse();
  }

  @Test
  void aGopOfTenSecondsIsNothingSpecial() {
    for (int tenth = 0; tenth < 1000; tenth++) {
      assertThat(watch.packet(true, tenth % 100 == 0, tenth * SECOND / 10)).isFalse();
    }
  }

  @Test
  void aVideoTrackOfWhichNothingComesIsNoticedByItsAudio() {
    boolean changed = false;
    for (int second = 0; second <= 21; second++) {
      changed |= watch.packet(true, false, second * SECOND);
    }
    assertThat(changed).isTrue();
    assertThat(watch.isMissing()).isTrue();
  }

  @Test
  void audioAloneHasNoKeyframesToMiss() {
    for (int second = 0; second < 100; second++) {
      assertThat(watch.packet(false, false, second * SECOND)).isFalse();
    }
  }

  @Test
  void theTimeWithoutTheSourceDoesNotCount() {
    watch.packet(true, true, 0);
    watch.restart();
    assertThat(watch.packet(true, false, 60 * SECOND)).isFalse();
    assertThat(watch.packet(true, false, 81 * SECOND)).isTrue();
  }
}
