package babelmux.worker.session;

import java.util.Locale;

/** Warnings about a stream that goes on. */
public enum StreamWarning {
  /** The source was never read since the stream was started; it goes on being tried. */
  NO_SOURCE,
  /** The source has video, and none of its keyframes has come: there is audio alone. */
  NO_VIDEO,
  /** The source has tracks that do not leave: one video and one audio track are dubbed. */
  TRACKS_IGNORED,
  /** There is video, and no keyframe: who joins now gets audio alone. */
  NO_KEYFRAME,
  /** Keyframes are further apart than the delay: an output that is connected again waits long. */
  FEW_KEYFRAMES,
  /** Keyframes are further apart than viewers that join should wait. */
  LONG_GOP,
  /** There is video, and no audio: nothing is dubbed. */
  NO_AUDIO,
  /** The audio is silent: nothing is dubbed. */
  SILENCE,
  /** The audio was made too loud before it was encoded. */
  CLIPPING,
  /** The delay line holds its limit of bytes: the source is read more slowly than it sends. */
  SOURCE_HELD_BACK,
  /** The STS answers in time, and its dubs say nothing. */
  DEAD_DUB,
  /** The output was read back, and a viewer does not get what is sent. */
  OUTPUT_NOT_SEEN,
  /** The publisher asks for destinations that no setting has. */
  UNKNOWN_DESTINATION;

  /** As metrics have it. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether it is about the source; the others have metrics of their own. */
  public boolean isOfSource() {
    return this != DEAD_DUB && this != OUTPUT_NOT_SEEN && this != UNKNOWN_DESTINATION;
  }
}
