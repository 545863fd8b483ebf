package babelmux.worker.sts;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a link is in its life. */
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
  /** The service refuses this stream: original sound; asked again from time to time, or not. */
  PASS_THROUGH,
  /** Over. */
  CLOSED;

  private Set<LinkState> successors() {
    return switch (this) {
      case CONNECTING, RECONNECTING -> EnumSet.of(INITIALISING, RECONNECTING, PASS_THROUGH, CLOSED);
      case INITIALISING -> EnumSet.of(READY, RECONNECTING, PASS_THROUGH, CLOSED);
      case READY -> EnumSet.of(PAUSED, INITIALISING, RECONNECTING, DRAINING, PASS_THROUGH, CLOSED);
      case PAUSED -> EnumSet.of(READY, INITIALISING, RECONNECTING, DRAINING, PASS_THROUGH, CLOSED);
      case DRAINING -> EnumSet.of(COMPLETING, CLOSED);
      case COMPLETING -> EnumSet.of(LINGERING, CLOSED);
      case PASS_THROUGH -> EnumSet.of(PASS_THROUGH, READY, CLOSED);
      case LINGERING -> EnumSet.of(CLOSED);
      case CLOSED -> EnumSet.noneOf(LinkState.class);
    };
  }

  /** Whether this may be followed by {@code next}. */
  boolean canBecome(LinkState next) {
    return successors().contains(next);
  }

  /** Whether a session exists in which fragments may be sent. */
  boolean inSession() {
    return this == READY || this == PAUSED || this == DRAINING;
  }

  /** Whether the stream is saying goodbye: a lost connection is then the end, not a failure. */
  boolean ending() {
    return this == DRAINING || this == COMPLETING || this == LINGERING;
  }

  /** Lower case, as in the API. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
