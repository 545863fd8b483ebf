package babelmux.worker.output;

/** Reasons that a destination did not get packets. */
public enum DestinationDrop {
  /** Its queue was full: it takes bytes too slowly. */
  QUEUE_FULL,
  /** There was no connection, or a new one waited for its first keyframe. */
  DISCONNECTED,
  /** The muxer refused them; the connection went on. */
  MUXER_REFUSED,
  /** They were queued when the destination was closed. */
  CLOSED
}
