package babelmux.worker.sts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** State of a link, from connecting to closed. */
public enum LinkState {
  /** The first connection is being made. */
  CONNECTING,
  /** {@code stream:init} is sent, or about to be sent again, and not answered. */
  INITIALISING,
  /** In session: fragments are sent as they come. */
  READY,
  /** In session, and asked by the service to wait. */
  PAUSED,
  /** The connection failed or was lost: waiting for the next attempt, or making it. */
  RECONNECTING,
  /** The stream ends: waiting for the last answers. */
  DRAINING,
  /** {@code stream:end} is sent: waiting for {@code stream:complete}. */
  COMPLETING,
  /** Complete: late answers are still taken until the service hangs up. */
  LINGERING,
  /** The service refuses this stream: original audio; asked again from time to time, or not. */
  PASS_THROUGH,
  /** Over. */
  CLOSED;

  /** Lower case, as in the API. */
  @JsonValue
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
