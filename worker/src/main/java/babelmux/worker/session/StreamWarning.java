package babelmux.worker.session;

/** Warnings about a stream that goes on. */
public enum StreamWarning {
  /** The source has video, and none of its keyframes has come: there is audio alone. */
  NO_VIDEO,
  /** The source has tracks that do not leave: one video and one audio track are dubbed. */
  TRACKS_IGNORED,
  /** There is video, and no keyframe: who joins now gets audio alone. */
  NO_KEYFRAME,
  /** The delay line holds its limit of bytes: the source is read more slowly than it sends. */
  SOURCE_HELD_BACK
}
