package babelmux.worker.api;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.Secret;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The warnings for a port that other machines reach and whose requests that write {@link
 * AccessRules} refuses to all of them, and for a token that can be guessed. Functions of values.
 */
public final class AccessWarning {

  /** Characters of a token; guesses at it are not slowed down, so its length has to be enough. */
  static final int TOKEN_LENGTH = 16;

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

  /** Returns what to warn of when the token is short; empty without one. Does not show it. */
  public static Optional<String> ofToken(AccessConfig access) {
    Secret token = access.token();
    if (token == null || token.reveal().length() >= TOKEN_LENGTH) {
      return Optional.empty();
    }
    return Optional.of(
        "api.token has fewer than "
            + TOKEN_LENGTH
            + " characters: it can be guessed, since wrong ones are slowed down at POST /v1/session"
            + " only; make one with openssl rand -hex 16");
  }
}
