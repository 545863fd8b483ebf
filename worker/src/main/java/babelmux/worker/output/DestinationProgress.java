package babelmux.worker.output;

import org.jspecify.annotations.Nullable;

/**
 * How a destination is doing. All times are nanoseconds of one monotonic clock. Not thread-safe:
 * its owner's lock guards it.
 */
final class DestinationProgress {
  private DestinationState state = DestinationState.IDLE;
  private @Nullable String lastError;
  private long droppedElsewhere;
  private long refused;
  private long bytes;
  private long connections;
  private boolean isConnected;
  private long connectedNanos;

  DestinationState state() {
    return state;
  }

  boolean isDown() {
    return state == DestinationState.DOWN;
  }

  /** Being connected, or to be. */
  void connecting() {
    state = DestinationState.CONNECTING;
  }

  /**
   * A connection stands.
   *
   * @return whether there was one before
   */
  boolean connected(long nowNanos) {
    isConnected = true;
    connectedNanos = nowNanos;
    return ++connections > 1;
  }

  /** The connection is over. */
  void disconnected() {
    isConnected = false;
  }

  void down(String reason) {
    state = DestinationState.DOWN;
    lastError = reason;
  }

  void closed() {
    state = DestinationState.CLOSED;
  }

  /**
   * Bytes were written.
   *
   * @param hasLasted whether the connection has stood long enough to be one
   * @return whether it counts as up from now on
   */
  boolean sent(int count, boolean hasLasted) {
    bytes += count;
    boolean begins = hasLasted && state == DestinationState.CONNECTING;
    if (begins) {
      state = DestinationState.UP;
      lastError = null;
    }
    return begins;
  }

  /**
   * The muxer refused a packet; the connection goes on.
   *
   * @return how many it had refused before
   */
  long refused(String reason) {
    lastError = "packet dropped: " + reason;
    droppedElsewhere++;
    return refused++;
  }

  /** Packets were lost that were not in the queue. */
  void dropped(long packets) {
    droppedElsewhere += packets;
  }

  /**
   * The status.
   *
   * @param usedBy whose turn it is at the URL; null when it is this one's
   */
  DestinationStatus status(@Nullable String usedBy, PacketQueue queue, long nowNanos) {
    boolean waits = usedBy != null && state != DestinationState.CLOSED;
    return new DestinationStatus(
        waits ? DestinationState.WAITING : state,
        waits ? "in use by " + usedBy : lastError,
        bytes,
        droppedElsewhere + queue.dropped(),
        Math.max(0, connections - 1),
        queue.spanUs(),
        isConnected ? (nowNanos - connectedNanos) / 1000 : 0);
  }
}
