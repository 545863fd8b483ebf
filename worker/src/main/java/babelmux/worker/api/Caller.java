package babelmux.worker.api;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a request, as far as an answer depends on it.
 *
 * @param address the other end of the connection; null when that is not known
 * @param cookie all values of this header
 * @param origin all values of this header
 * @param tls whether the connection is one of TLS
 */
record Caller(
    @Nullable InetAddress address, List<String> cookie, List<String> origin, boolean tls) {

  /** Nobody in particular. */
  static final Caller NONE = new Caller(null, List.of(), List.of(), false);

  /**
   * Whether the browser speaks https, with this port or with a proxy before it. Of a request that
   * passed the rules of Origin.
   */
  boolean isSecure() {
    return tls || origin.stream().anyMatch(site -> site.startsWith("https://"));
  }
}
