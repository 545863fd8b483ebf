package babelmux.media;

/**
 * The sender's description of its audio; used only where the bytes do not tell.
 *
 * @param format the sender's label, such as {@code pcm_s16le}
 * @param sampleRate Hz, for raw samples
 * @param channels 1 to 8, for raw samples
 * @param maxFrames the most samples of a channel that are of use; decoding stops there, so that a
 *     small hostile file cannot fill the memory
 */
public record AudioClipHint(String format, int sampleRate, int channels, int maxFrames) {}
