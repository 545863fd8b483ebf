package babelmux.worker.output;

import java.util.Locale;

/** States of a destination. */
public enum DestinationState {
  /** Nothing was to be sent yet. */
  IDLE,
  /** Being connected, or connected so lately that it may still be thrown out. */
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
