package babelmux.worker.session;

/** What is wrong with a stream that goes on. */
public enum StreamWarning {
  /** There is video, and no keyframe: who joins now gets audio alone. */
  NO_KEYFRAME,
  /** The delay line holds its limit of bytes: the source is read more slowly than it sends. */
  SOURCE_HELD_BACK
}
