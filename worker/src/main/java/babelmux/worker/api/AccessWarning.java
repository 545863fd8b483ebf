package babelmux.worker.api;

import babelmux.worker.config.AccessConfig;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The warning for a port that other machines reach and whose requests that write {@link
 * AccessRules} refuses to all of them. A function of values.
 */
public final class AccessWarning {

  private AccessWarning() {}

  /**
   * Returns what to warn of at the start; empty when there is nothing.
   *
   * @param host setting http.host, as given
   * @param bound its address
   */
  public static Optional<String> of(String host, InetAddress bound, AccessConfig access) {
    if (bound.isLoopbackAddress() || access.token() != null || !access.trusted().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "http.host is "
            + host
            + ", and neither http.trusted nor api.token is set: hooks and other requests that write"
            + " are refused with 403 when they do not come from a loopback address of this machine;"
            + " set http.trusted, or api.token and (for hooks) api.token-for-hooks");
  }
}
