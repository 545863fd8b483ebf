package babelmux.hooks;

/** Which end of a stream a MediaMTX path is. */
public enum Direction {
  /** What a publisher sends and the worker reads. */
  IN,
  /** What the worker publishes and viewers read. */
  OUT
}
