package babelmux.worker.output;

/**
 * Receives what happens at a destination, on its threads. Must not block. Does nothing unless
 * overridden.
 */
public interface DestinationListener {
  /** Payload bytes were written. */
  default void sent(int bytes) {}

  /** A packet was written; it stays the destination's. */
  default void sent(OutputPacket packet) {
    sent(packet.packet().size());
  }

  /** Packets were not sent. */
  default void dropped(DestinationDrop reason, long packets) {}

  /** A connection was made after the first one. */
  default void connectedAgain() {}
}
