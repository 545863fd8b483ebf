package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceWatchTest {
  private static final long SECOND = 1_000_000;
  private static final long TENTH = SECOND / 10;

  private final WarningRecorder recorder = new WarningRecorder();
  private final Map<StreamWarning, String> warnings = recorder.warnings();
  private final List<StreamWarning> changes = recorder.changes();
  private final SourceWatch watch = new SourceWatch(recorder, Duration.ofSeconds(8));

  private long nowUs;

  /**
   * Ten pictures a second.
   *
   * @param gopUs from keyframe to keyframe
   * @param audio whether there is audio, too
   */
  private void play(long us, long gopUs, boolean audio) {
    long endUs = nowUs + us;
    for (; nowUs < endUs; nowUs += TENTH) {
      watch.packet(true, true, nowUs % gopUs == 0, nowUs);
      if (audio) {
        watch.packet(true, false, false, nowUs);
      }
    }
  }

  @Test
  void aGoodSourceIsNotWarnedOf() {
    play(600 * SECOND, 2 * SECOND, true);
    assertThat(changes).isEmpty();
  }

  @Test
  void longGopsAreToldWithTheirLengthAndForgottenAMinuteLater() {
    play(20 * SECOND, 4 * SECOND, true);
    assertThat(warnings).containsOnlyKeys(StreamWarning.LONG_GOP);
    assertThat(warnings.get(StreamWarning.LONG_GOP)).startsWith("4.0 s between two keyframes");
    play(60 * SECOND, 2 * SECOND, true);
    assertThat(warnings).containsOnlyKeys(StreamWarning.LONG_GOP);
    play(10 * SECOND, 2 * SECOND, true);
    assertThat(warnings).isEmpty();
    assertThat(changes).hasSize(2);
  }

  @Test
  void aKeyframeAtACutDoesNotHideALongGop() {
    for (int n = 0; n < 10; n++) {
      play(5 * SECOND, 5 * SECOND, true);
      watch.packet(true, true, true, nowUs - TENTH / 2);
    }
    assertThat(changes).containsExactly(StreamWarning.LONG_GOP);
  }

  @Test
  void lessThanOneKeyframeInTheDelayIsToldBeforeItsGopHasEnded() {
    play(8 * SECOND, 60 * SECOND, true);
    assertThat(changes).isEmpty();
    play(SECOND, 60 * SECOND, true);
    assertThat(warnings).containsOnlyKeys(StreamWarning.FEW_KEYFRAMES);
    assertThat(warnings.get(StreamWarning.FEW_KEYFRAMES)).contains("delay of 8.0 s");
    play(12 * SECOND, 60 * SECOND, true);
    assertThat(warnings).containsOnlyKeys(StreamWarning.FEW_KEYFRAMES, StreamWarning.NO_KEYFRAME);
  }

  @Test
  void noKeyframeForTwentySecondsIsToldUntilOneComes() {
    watch.packet(true, true, true, 0);
    nowUs = TENTH;
    play(20 * SECOND, 1000 * SECOND, true);
    assertThat(warnings).doesNotContainKey(StreamWarning.NO_KEYFRAME);
    play(SECOND, 1000 * SECOND, true);
    assertThat(warnings.get(StreamWarning.NO_KEYFRAME)).contains("for 20 s");
    watch.packet(true, true, true, nowUs);
    assertThat(warnings).doesNotContainKey(StreamWarning.NO_KEYFRAME);
  }

  @Test
  void aPauseOfTheSourceIsNoLongGop() {
    play(10 * SECOND, 2 * SECOND, true);
    nowUs += 5 * SECOND;
    play(10 * SECOND, 2 * SECOND, true);
    watch.restart();
    nowUs += 100 * SECOND;
    play(10 * SECOND, 2 * SECOND, true);
    assertThat(changes).isEmpty();
  }

  @Test
  void videoWithoutAudioIsToldUntilAudioComes() {
    play(10 * SECOND, SECOND, false);
    assertThat(changes).isEmpty();
    play(SECOND, SECOND, false);
    assertThat(warnings.get(StreamWarning.NO_AUDIO)).contains("without audio for 10.0 s");
    play(SECOND, SECOND, true);
    assertThat(warnings).isEmpty();
    play(11 * SECOND, SECOND, false);
    assertThat(warnings).containsOnlyKeys(StreamWarning.NO_AUDIO);
  }

  @Test
  void audioAloneLacksNothing() {
    for (int n = 0; n < 1000; n++) {
      watch.packet(false, false, false, n * TENTH);
    }
    assertThat(changes).isEmpty();
  }
}
