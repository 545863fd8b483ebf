package babelmux.worker.sts;

import java.util.Locale;

/** Breach of the protocol by the service. Each is counted; none stops the link. */
public enum ProtocolViolation {
  /** An answer for a fragment that was never sent on this connection. */
  UNKNOWN_FRAGMENT,
  /** A second answer for the same fragment. */
  DUPLICATE_ANSWER,
  /** An answer whose sequence number or stream is not the one sent. */
  MISLABELLED_ANSWER,
  /** A message that is no JSON, lacks what is needed, or is not text. */
  MALFORMED_MESSAGE,
  /** A message longer than the limit. */
  OVERSIZE_MESSAGE,
  /** Messages come faster than they can be read. */
  FLOOD,
  /** An event that does not belong to the link's state, such as a second stream:ready. */
  UNEXPECTED_EVENT,
  /** An error event that concerns no fragment in flight. */
  STRAY_ERROR,
  /** The configured voice is not known there; the default was asked for instead. */
  VOICE_REFUSED,
  /** No answer of any kind for twice the limit: the session was restarted. */
  STALL;

  /** The value of a metrics label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
