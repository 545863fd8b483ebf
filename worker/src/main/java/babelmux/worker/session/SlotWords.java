package babelmux.worker.session;

import babelmux.worker.sound.SpeechSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The words of a segment, as the STS has answered them, and how to find out when they are spoken.
 *
 * @param transcript what is said in the original; null when the STS does not tell
 * @param translation what is said in the dub; null when the STS does not tell
 * @param originalSpeech measures where the original speaks, counted from the slot's start; decodes,
 *     which takes milliseconds, and gives nothing when it cannot be decoded
 * @param dubSpeech the same of the dub; gives nothing when the dub is not used
 */
public record SlotWords(
    @Nullable String transcript,
    @Nullable String translation,
    Supplier<List<SpeechSpan>> originalSpeech,
    Supplier<List<SpeechSpan>> dubSpeech) {

  /** The same for several listeners on one thread: what was measured is kept. */
  public SlotWords measuredOnce() {
    return new SlotWords(transcript, translation, once(originalSpeech), once(dubSpeech));
  }

  private static Supplier<List<SpeechSpan>> once(Supplier<List<SpeechSpan>> measure) {
    List<List<SpeechSpan>> measured = new ArrayList<>(1);
    return () -> {
      if (measured.isEmpty()) {
        measured.add(measure.get());
      }
      return measured.get(0);
    };
  }
}
