package babelmux.worker.session;

import java.util.Locale;

/** Reasons that packets that were read are not sent, or that audio of the source is lost. */
public enum DropReason {
  /** Video before the source's first keyframe: nobody could decode it. */
  BEFORE_KEYFRAME,
  /** A further video or audio track, or data beside them. */
  OTHER_TRACK,
  /** A packet without bytes or timestamps. */
  INVALID,
  /** Its time did not rise. */
  TIME_NOT_RISING,
  /** The source left a hole in its audio; it is filled with silence. */
  SOUND_HOLE,
  /** The source repeats audio that has been heard. */
  SOUND_OVERLAP,
  /** Audio that could not be decoded. */
  SOUND_UNDECODABLE,
  /** The session was stopped before its time to leave. */
  STOPPED,
  /** A destination did not get it: its queue was full, or there was no connection. */
  DESTINATION,
  /** A destination's muxer refused it; the connection went on. */
  MUXER_REFUSED;

  /** The value of a metrics label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
