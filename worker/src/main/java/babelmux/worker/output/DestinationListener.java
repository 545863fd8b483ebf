package babelmux.worker.output;

/**
 * Hears what happens at a destination, on its threads. Must not block. Does nothing unless
 * overridden.
 */
public interface DestinationListener {
  /** Packets were not sent. */
  default void dropped(long packets) {}

  /** A connection was made after the first one. */
  default void connectedAgain() {}
}
