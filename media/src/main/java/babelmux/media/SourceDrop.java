package babelmux.media;

/** Reasons that a packet of a source is dropped. */
public enum SourceDrop {
  /** Video before the first keyframe: nobody could decode it. */
  BEFORE_KEYFRAME,
  /** A further video or audio track, or a track that is neither. */
  OTHER_TRACK,
  /** Audio whose format cannot be found out: it cannot be decoded. */
  AUDIO_UNDECODABLE,
  /** A packet without bytes or timestamps. */
  INVALID
}
