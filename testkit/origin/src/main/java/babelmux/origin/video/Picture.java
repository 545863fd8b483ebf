package babelmux.origin.video;

import babelmux.origin.rtmp.RtmpMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a published track, with the parameter sets that its readers get.
 *
 * @param ptsMs milliseconds of the publisher
 * @param randomAccess an H.264 or H.265 reader can start with it
 * @param nals its NAL units; null for codecs without them
 * @param payload what a reader's message holds after its header
 * @param original what the publisher sent
 */
public record Picture(
    String codec,
    int track,
    long ptsMs,
    boolean randomAccess,
    @Nullable List<byte[]> nals,
    Payload payload,
    RtmpMessage original) {

  /** Bytes that nobody changes. */
  record Payload(byte[] bytes) {}
}
