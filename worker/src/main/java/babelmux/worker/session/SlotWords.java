package babelmux.worker.session;

import babelmux.worker.sound.SpeechSpan;
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
    Supplier<List<SpeechSpan>> dubSpeech) {}
