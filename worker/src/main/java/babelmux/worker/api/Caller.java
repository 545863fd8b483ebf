package babelmux.worker.api;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a request, as far as an answer depends on it.
 *
 * @param address the other end of the connection; null when that is not known
 * @param authorization all values of this header, and so on
 * @param tls whether the connection is one of TLS
 */
record Caller(
    @Nullable InetAddress address,
    List<String> authorization,
    List<String> cookie,
    List<String> origin,
    List<String> host,
    boolean tls) {

  /** Nobody in particular. */
  static final Caller NONE = new Caller(null, List.of(), List.of(), List.of(), List.of(), false);

  /**
   * Whether the browser speaks https, with this port or with a proxy before it. Of a request that
   * passed the rules of Origin.
   */
  boolean isSecure() {
    return tls || origin.stream().anyMatch(site -> site.startsWith("https://"));
  }

  /** The cookie of sessions, as this caller knows the worker. */
  SessionCookie sessionCookie() {
    return SessionCookie.of(host);
  }

  /** The same caller's request for what is not for everyone. */
  AccessRules.Write read() {
    return new AccessRules.Write(
        false, false, address, authorization, cookie, origin, host, List.of(), false);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Caller[" + address + "]";
  }
}
