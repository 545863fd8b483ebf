package babelmux.worker.api;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.metrics.RequestRefusal;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests that write, or show more than others, are taken: by token, or by the
 * address that they come from; by Origin, so that no web page of another site writes through a
 * browser; by the kind of body. A function of values and of the settings. Safe for all threads.
 */
final class AccessRules {

  private static final String BEARER = "bearer ";
  private static final int MAX_TOKEN_LENGTH = 8192;

  private volatile AccessConfig access;

  AccessRules(AccessConfig access) {
    this.access = access;
  }

  /** The settings that it decides by now. */
  AccessConfig access() {
    return access;
  }

  /** Decides by other settings from now on. */
  void use(AccessConfig changed) {
    access = changed;
  }

  /**
   * A request that writes.
   *
   * @param hook whether it is for the hooks
   * @param takesBody whether it has a body, which is JSON
   * @param from the other end of the connection; null when that is not known
   * @param authorization all values of this header, and so on
   * @param hasBody whether its headers announce a body
   */
  record Write(
      boolean hook,
      boolean takesBody,
      @Nullable InetAddress from,
      List<String> authorization,
      List<String> origin,
      List<String> host,
      List<String> contentType,
      boolean hasBody) {}

  /**
   * An answer instead of an action.
   *
   * @param status HTTP status
   * @param detail one sentence; for 401 and 403 it names the setting
   */
  record Refused(int status, RequestRefusal reason, String detail) {}

  /** The reason to refuse, or empty when the request is taken. */
  Optional<Refused> check(Write write) {
    Refused refused = origin(write);
    if (refused == null) {
      refused = sender(write);
    }
    return Optional.ofNullable(refused == null ? body(write) : refused);
  }

  /**
   * The reason to refuse a request that reads what is not for everyone, or empty when it is
   * answered. A read by a browser carries no Origin: without a token, Host has to be one that no
   * stranger's name can lead to.
   */
  Optional<Refused> checkRead(Write read) {
    Refused refused = origin(read);
    if (refused == null) {
      refused = sender(read, "requests for support");
    }
    return Optional.ofNullable(refused == null ? host(read) : refused);
  }

  private @Nullable Refused host(Write read) {
    if (access.token() != null) {
      return null;
    }
    URI host = read.host().size() == 1 ? site("http://" + read.host().get(0)) : null;
    return host != null && isAllowed(host.getHost())
        ? null
        : new Refused(
            403,
            RequestRefusal.ORIGIN,
            "this is read under an IP address, localhost or a name in http.allowed-hosts only");
  }

  private @Nullable Refused sender(Write write) {
    return sender(write, write.hook() ? "hooks" : "requests that write");
  }

  private @Nullable Refused sender(Write write, String kind) {
    AccessConfig now = access;
    Secret token = now.token();
    if (token != null && (!write.hook() || now.tokenForHooks())) {
      return token(write, token);
    }
    InetAddress from = write.from();
    if (from != null
        && (from.isLoopbackAddress()
            || now.trusted().stream().anyMatch(range -> range.contains(from)))) {
      return null;
    }
    String address = from == null ? "an unknown address" : from.getHostAddress();
    return new Refused(
        403,
        RequestRefusal.ADDRESS,
        "%s come from this machine or from http.trusted, not from %s; set http.trusted, or %s"
            .formatted(
                kind, address, write.hook() ? "api.token and api.token-for-hooks" : "api.token"));
  }

  private static @Nullable Refused token(Write write, Secret token) {
    if (write.authorization().isEmpty()) {
      return new Refused(
          401,
          RequestRefusal.TOKEN_MISSING,
          "expected Authorization: Bearer with the token of setting api.token"
              + (write.hook() ? " (api.token-for-hooks is on)" : ""));
    }
    String value = write.authorization().size() == 1 ? write.authorization().get(0) : "";
    boolean good =
        value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && value.length() <= MAX_TOKEN_LENGTH + BEARER.length()
            && isSame(value.substring(BEARER.length()).strip(), token.reveal());
    return good
        ? null
        : new Refused(
            401,
            RequestRefusal.TOKEN_WRONG,
            "the Authorization header is not Bearer with the token of setting api.token");
  }

  /** Takes the same time for every text, whatever its length has in common with the token. */
  private static boolean isSame(String given, String token) {
    return MessageDigest.isEqual(digest(given), digest(token));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Browsers send Origin with every write, programs send none. */
  private @Nullable Refused origin(Write write) {
    if (write.origin().isEmpty()) {
      return null;
    }
    URI origin = write.origin().size() == 1 ? site(write.origin().get(0)) : null;
    URI host =
        origin == null || write.host().size() != 1
            ? null
            : site(origin.getScheme() + "://" + write.host().get(0));
    if (origin == null || host == null || !isSameSite(origin, host)) {
      return new Refused(
          403,
          RequestRefusal.ORIGIN,
          "the request comes from a web page of another site: expected an Origin equal to Host"
              + " (see http.allowed-hosts)");
    }
    return isAllowed(host.getHost())
        ? null
        : new Refused(
            403,
            RequestRefusal.ORIGIN,
            "web pages may write under an IP address, localhost or a name in http.allowed-hosts"
                + " only");
  }

  private static boolean isSameSite(URI origin, URI host) {
    return origin.getHost().equalsIgnoreCase(host.getHost()) && port(origin) == port(host);
  }

  /** Scheme, host and port of a site, and nothing else; null for any other text. */
  private static @Nullable URI site(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && "".equals(uri.getRawPath())
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
          ? uri
          : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static int port(URI site) {
    if (site.getPort() >= 0) {
      return site.getPort();
    }
    return "https".equals(site.getScheme()) ? 443 : 80;
  }

  private boolean isAllowed(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String address = bracketed ? host.substring(1, host.length() - 1) : host;
    return (bracketed ? NetUtil.isValidIpV6Address(address) : NetUtil.isValidIpV4Address(address))
        || host.equalsIgnoreCase("localhost")
        || access.allowedHosts().contains(host.toLowerCase(Locale.ROOT));
  }

  private static @Nullable Refused body(Write write) {
    if (!write.takesBody()) {
      return write.hasBody()
          ? new Refused(400, RequestRefusal.BODY, "body: expected none with this method")
          : null;
    }
    // Some busybox adds a Content-Type of its own to the one that it is told to send.
    return write.contentType().stream().anyMatch(AccessRules::isJson)
        ? null
        : new Refused(415, RequestRefusal.CONTENT_TYPE, "Content-Type: expected application/json");
  }

  private static boolean isJson(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().equalsIgnoreCase("application/json");
  }
}
