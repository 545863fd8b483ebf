package babelmux.origin;

import io.vertx.core.streams.ReadStream;

/** Stops the reading of a publisher when a fault says so. Event loop only. */
final class InputGate {
  private final ReadStream<?> socket;
  private boolean shut;

  InputGate(ReadStream<?> socket) {
    this.socket = socket;
  }

  /**
   * @return whether the gate has just been opened again
   */
  boolean tick(boolean stalled) {
    if (stalled == shut) {
      return false;
    }
    shut = stalled;
    if (shut) {
      socket.pause();
    } else {
      socket.resume();
    }
    return !shut;
  }

  boolean shut() {
    return shut;
  }
}
