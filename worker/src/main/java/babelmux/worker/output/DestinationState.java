package babelmux.worker.output;

import java.util.Locale;

/** States of a destination. */
public enum DestinationState {
  /** Nothing was to be sent yet. */
  IDLE,
  /** Another stream is being sent to its URL, and it is not its turn yet. */
  WAITING,
  /** Being connected, or connected so recently that the server may still disconnect it. */
  CONNECTING,
  /** Bytes flow. */
  UP,
  /** Waiting to be tried again. */
  DOWN,
  /** Over. */
  CLOSED;

  /** As the API shows it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
