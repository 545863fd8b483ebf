package babelmux.origin.rtmp;

/**
 * Description of an audio or video message by its first bytes: enough to relay it, without
 * decoding.
 *
 * @param role what the message is for
 * @param track 0 unless the message is multitrack
 * @param codec the four-character code; for classic codecs the one that enhanced RTMP gives them
 * @param enhanced announced by a four-character code, so only for readers that know it
 * @param configOffset where the codec's own configuration starts in a {@link Role#CONFIG}
 */
public record MediaTag(
    boolean video, Role role, int track, String codec, boolean enhanced, int configOffset) {

  /** Purpose of a message. */
  public enum Role {
    /** Sequence header: decoder configuration. */
    CONFIG,
    /**
     * More about a track (colours, channel order), kept for late readers like the configuration.
     */
    DESCRIPTION,
    /** A picture that decoding can start with. */
    KEYFRAME,
    /** Any other picture, or sound. */
    FRAME,
    /** End of sequence. */
    END
  }

  /** True when a frame's time counts for the analysis: it is media, or a classic header. */
  public boolean timed() {
    return role == Role.KEYFRAME || role == Role.FRAME || !enhanced;
  }
}
