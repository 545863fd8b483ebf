package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.List;

/**
 * A stretch of a piece of audio in which somebody speaks, pauses between words included.
 *
 * @param fromUs from the beginning of the piece, microseconds
 * @param toUs behind its end, microseconds
 */
public record SpeechSpan(long fromUs, long toUs) {
  /** Length in microseconds. */
  public long lengthUs() {
    return toUs - fromUs;
  }

  /** The speech of a piece of audio, in order; takes a millisecond for 6 s. Pure. */
  public static List<SpeechSpan> of(Sound sound) {
    return SpeechMap.of(sound, 0).spans(sound);
  }
}
