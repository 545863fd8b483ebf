package babelmux.stsecho.voice;

/**
 * The audio object of a message, as it stands on the wire.
 *
 * @param format label such as {@code m4a}; not to be trusted
 * @param sampleRateHz as the sender says
 * @param channels 1 or 2, as the sender says
 * @param durationMs as the sender says
 * @param dataBase64 standard base64
 */
public record FragmentAudio(
    String format, int sampleRateHz, int channels, int durationMs, String dataBase64) {}
