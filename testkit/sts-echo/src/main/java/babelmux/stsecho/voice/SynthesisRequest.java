package babelmux.stsecho.voice;

/**
 * One fragment to be spoken.
 *
 * @param sequence number within the session, from 0
 * @param streamId as in the message
 * @param sourceLanguage such as {@code en}
 * @param targetLanguage such as {@code es}
 * @param audio what came
 */
public record SynthesisRequest(
    int sequence,
    String streamId,
    String sourceLanguage,
    String targetLanguage,
    FragmentAudio audio) {}
