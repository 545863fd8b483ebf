package babelmux.worker.metrics;

import java.util.Locale;

/** Reasons that a hook, or another request that writes, is refused. */
public enum RequestRefusal {

  /** A token is asked for, and the request carries none. */
  TOKEN_MISSING,
  /** The token is another one. */
  TOKEN_WRONG,
  /** It comes from an address that is not trusted. */
  ADDRESS,
  /** It comes from a web page of another site, or of a host that is not allowed. */
  ORIGIN,
  /** The body is not declared as JSON. */
  CONTENT_TYPE,
  /** A body where none is expected. */
  BODY,
  /** Another method than the path takes. */
  METHOD,
  /** Malformed, or with a value that is not as expected. */
  INVALID,
  /** The source is on a host that is not allowed. */
  SOURCE,
  /** The destination is on a host that is not allowed, or is a file. */
  DESTINATION,
  /** The body is too large. */
  TOO_LARGE,
  /** The body did not come in time. */
  TIMEOUT,
  /** Full or draining: try again later. */
  UNAVAILABLE;

  /** The label value. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
