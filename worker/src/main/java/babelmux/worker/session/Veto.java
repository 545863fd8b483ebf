package babelmux.worker.session;

/** The answer to the wish to keep a dub off air. */
public enum Veto {
  /** The original will be heard in the whole slot. */
  DONE,
  /** There is no such slot, or not yet. */
  UNKNOWN,
  /** The slot, or the fade before it, is being mixed. */
  BEGUN,
  /** The slot has begun to leave. */
  AIRED
}
