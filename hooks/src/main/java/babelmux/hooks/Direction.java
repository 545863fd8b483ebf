package babelmux.hooks;

/** The end of a stream that a MediaMTX path is. */
public enum Direction {
  /** The publisher's side, which the worker reads. */
  IN,
  /** The viewers' side, which the worker publishes. */
  OUT
}
