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
  SOURCE_HELD_BACK;

  /** As metrics have it. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
