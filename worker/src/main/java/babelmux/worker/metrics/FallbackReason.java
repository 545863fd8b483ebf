package babelmux.worker.metrics;

import java.util.Locale;

/** Why a slot is left in the original sound. */
public enum FallbackReason {

  /** No answer before the deadline. */
  TIMEOUT,
  /** The STS answered with a failure or refused the fragment. */
  ERROR,
  /** Not sent: too many fragments in flight, or the STS asked to wait. */
  OVERLOAD,
  /** The answer held no sound that can be used. */
  INVALID_OUTPUT,
  /** Not sent: the breaker is open. */
  BREAKER_OPEN,
  /** There was no link to the STS, or it was lost. */
  DISCONNECTED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
