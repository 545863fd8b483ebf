package babelmux.worker.sts;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Any bytes that a service calls a dub are decoded, made to fit the stream, or refused with a
 * reason; nothing native is left open.
 */
@Tag("fuzz")
class DubFuzzTest {
  private static final int MAX_FRAMES = 200_000;
  private static final List<String> LABELS = List.of("m4a", "pcm_s16le", "pcm_f32le", "");

  @FuzzTest(maxDuration = "6s")
  void isAnything(byte[] dub) {
    String label = LABELS.get(dub.length % LABELS.size());
    try {
      Sound decoded = AudioClipDecoder.decode(dub, new AudioClipHint(label, 48_000, 2, MAX_FRAMES));
      assertThat(decoded.frames()).isBetween(1, MAX_FRAMES);
      assertThat(decoded.channelCount()).isBetween(1, 8);
      Sound fitting = SampleConverter.convert(decoded, 48_000, 2);
      assertThat(fitting.channelCount()).isEqualTo(2);
      for (float[] channel : fitting.channels()) {
        for (float value : channel) {
          if (!Float.isFinite(value)) {
            throw new AssertionError("a sample is " + value);
          }
        }
      }
    } catch (MediaException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    assertThat(Natives.live()).isZero();
  }
}
