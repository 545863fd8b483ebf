package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioClipHint;
import babelmux.media.Sound;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoundWatchTest {
  private static final int HZ = 48_000;
  private static final int FRAME = 1024;

  private final WarningRecorder recorder = new WarningRecorder();
  private final Map<StreamWarning, String> warnings = recorder.warnings();
  private final List<StreamWarning> changes = recorder.changes();
  private final SoundWatch watch = new SoundWatch(recorder);

  /** A sine of an amplitude; what is above full scale is cut off. */
  private static Sound tone(double seconds, double amplitude) {
    int frames = (int) (seconds * HZ);
    float[] samples = new float[frames];
    for (int n = 0; n < frames; n++) {
      double value = amplitude * Math.sin(2 * Math.PI * 440 * n / HZ);
      samples[n] = (float) Math.max(-1, Math.min(1, value));
    }
    return new Sound(new float[][] {samples}, HZ);
  }

  private void hear(Sound sound) {
    for (int at = 0; at < sound.frames(); at += FRAME) {
      watch.heard(sound.slice(at, Math.min(sound.frames(), at + FRAME)));
    }
  }

  /** As it comes out of an AAC decoder. */
  private static Sound coded(Sound sound) throws Exception {
    return AudioClipDecoder.decode(
        AudioClipEncoder.m4a(sound, 128_000), new AudioClipHint("m4a", HZ, 1, 60 * HZ));
  }

  @Test
  void silenceOfThirtySecondsIsToldUntilItEnds() {
    hear(tone(29.9, 0.0005));
    assertThat(changes).isEmpty();
    hear(tone(0.2, 0));
    assertThat(warnings).containsOnlyKeys(StreamWarning.SILENCE);
    hear(tone(60, 0));
    assertThat(changes).hasSize(1);
    hear(tone(0.1, 0.01));
    assertThat(warnings).isEmpty();
  }

  @Test
  void silenceWithAWordInItIsNone() {
    for (int n = 0; n < 5; n++) {
      hear(tone(29, 0));
      hear(tone(0.1, 0.1));
    }
    assertThat(changes).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.5, 3})
  void audioThatWasClippedBeforeItsEncoderIsToldUntilItIsNot(double amplitude) throws Exception {
    hear(coded(tone(11, amplitude)));
    assertThat(warnings).containsOnlyKeys(StreamWarning.CLIPPING);
    hear(coded(tone(21, 0.7)));
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.89})
  void loudAudioIsNotClipped(double amplitude) throws Exception {
    hear(coded(tone(21, amplitude)));
    assertThat(changes).isEmpty();
  }

  /** Ten seconds with about 17 flat tops: too few for a warning, too many to take one back. */
  private void hearSomeFlatTops() {
    hear(tone(0.02, 1.5));
    hear(tone(9.98, 0.5));
  }

  @Test
  void someFlatTopsNeitherBeginAWarningNorEndIt() {
    hearSomeFlatTops();
    assertThat(changes).isEmpty();
    hear(tone(10, 1.5));
    hearSomeFlatTops();
    assertThat(warnings).containsOnlyKeys(StreamWarning.CLIPPING);
    hear(tone(10, 0.5));
    assertThat(warnings).isEmpty();
  }
}
