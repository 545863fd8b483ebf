package babelmux.worker.sts;

import java.util.Locale;

/** Why a segment leaves as original audio. */
public enum FallbackReason {
  /** Sent, and not answered by its deadline. */
  TIMEOUT,
  /** The service refused the fragment or failed on it, or refuses this stream. */
  ERROR,
  /** Not sent in time because the service asked for less, or not accepted for the same reason. */
  OVERLOAD,
  /** Answered without usable sound. */
  INVALID_OUTPUT,
  /** Not sent because the service has failed too often in a row. */
  BREAKER_OPEN,
  /** There was no session to send it in, or the session ended before the answer. */
  DISCONNECTED;

  /** The value of the metrics' {@code reason} label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
