package babelmux.worker.api;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.metrics.RequestRefusal;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests that write, or show more than others, are taken: by token, or by the
 * address that they come from; by Origin, so that no web page of another site writes through a
 * browser; by the kind of body. Whoever has the token may trade it for a session, which counts as
 * the token where it comes from a browser. Decides by values, the settings and the sessions. Safe
 * for all threads.
 */
final class AccessRules {

  private static final String BEARER = "bearer ";
  private static final int MAX_TOKEN_LENGTH = 8192;

  private final Sessions sessions = new Sessions();
  private final SignInLimit limit = new SignInLimit();
  private final LongSupplier nanoTime;
  private volatile State state;

  /**
   * What counts now.
   *
   * @param generation counts the tokens that there were: a session ends with its token
   */
  private record State(AccessConfig access, long generation) {}

  AccessRules(AccessConfig access) {
    this(access, System::nanoTime);
  }

  /**
   * @param nanoTime monotonic clock, in nanoseconds
   */
  AccessRules(AccessConfig access, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    state = new State(access, 0);
  }

  /** The settings that it decides by now. */
  AccessConfig access() {
    return state.access();
  }

  /** Decides by other settings from now on. Another token ends all sessions. */
  synchronized void use(AccessConfig changed) {
    State old = state;
    boolean sameToken = Objects.equals(old.access().token(), changed.token());
    state = new State(changed, sameToken ? old.generation() : old.generation() + 1);
  }

  /** The answer to a token that is to be traded for a session. */
  sealed interface SignedIn {

    /**
     * It is the token.
     *
     * @param value of the session, secret
     */
    record Opened(String value) implements SignedIn {
      /** Without the value. */
      @Override
      public String toString() {
        return "Opened";
      }
    }

    /** It is another one. */
    record Wrong() implements SignedIn {}

    /** It was not looked at: too many wrong ones came from there. */
    record TooMany() implements SignedIn {}

    /** There is no token: sessions mean nothing. */
    record NoToken() implements SignedIn {}
  }

  /**
   * Trades the token for a session.
   *
   * @param given may be anything
   * @param from the other end of the connection; null when that is not known
   */
  SignedIn signIn(String given, @Nullable InetAddress from) {
    State now = state;
    Secret token = now.access().token();
    if (token == null) {
      return new SignedIn.NoToken();
    }
    long nanos = nanoTime.getAsLong();
    return switch (limit.attempt(
        from,
        nanos,
        () -> given.length() <= MAX_TOKEN_LENGTH && Digests.isSame(given, token.reveal()))) {
      case RIGHT -> new SignedIn.Opened(sessions.open(now.generation(), nanos));
      case WRONG -> new SignedIn.Wrong();
      case TOO_MANY -> new SignedIn.TooMany();
    };
  }

  /**
   * Ends the sessions of a request.
   *
   * @param cookie the values of the session's cookie
   */
  void signOut(List<String> cookie) {
    sessions.end(cookie);
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
      List<String> cookie,
      List<String> origin,
      List<String> host,
      List<String> contentType,
      boolean hasBody) {
    /** The values of the session's cookie. */
    List<String> sessions() {
      return SessionCookie.of(host).values(cookie);
    }
  }

  /**
   * An answer instead of an action.
   *
   * @param status HTTP status
   * @param detail one sentence; for 401 and 403 it names the setting
   */
  record Refused(int status, RequestRefusal reason, String detail) {}

  /** The reason to refuse, or empty when the request is taken. */
  Optional<Refused> check(Write write) {
    State now = state;
    Refused refused = origin(write, now);
    if (refused == null) {
      refused = sender(write, now, write.hook() ? "hooks" : "requests that write", true);
    }
    return Optional.ofNullable(refused == null ? body(write) : refused);
  }

  /**
   * The reason to refuse a request that opens or ends a session, or empty when it is taken. It
   * needs no token beforehand.
   */
  Optional<Refused> checkSession(Write write) {
    Refused refused = origin(write, state);
    if (refused == null && !write.sessions().isEmpty()) {
      refused = noOrigin(write);
    }
    return Optional.ofNullable(refused == null ? body(write) : refused);
  }

  /**
   * The reason to refuse a request that reads what is not for everyone, or empty when it is
   * answered. A read by a browser carries no Origin: without a token, Host has to be one that no
   * stranger's name can lead to.
   */
  Optional<Refused> checkRead(Write read) {
    State now = state;
    Refused refused = origin(read, now);
    if (refused == null) {
      refused = sender(read, now, "requests for this", false);
    }
    return Optional.ofNullable(refused == null ? host(read, now) : refused);
  }

  /** As {@link #checkRead}, of what everyone may read where no token is set. */
  Optional<Refused> checkOpenRead(Write read) {
    return access().token() == null ? Optional.empty() : checkRead(read);
  }

  private static @Nullable Refused host(Write read, State now) {
    if (now.access().token() != null) {
      return null;
    }
    URI host = read.host().size() == 1 ? site("http://" + read.host().get(0)) : null;
    return host != null && isAllowed(host.getHost(), now)
        ? null
        : new Refused(
            403,
            RequestRefusal.ORIGIN,
            "this is read under an IP address, localhost or a name in http.allowed-hosts only");
  }

  /**
   * @param writes whether it changes something
   */
  private @Nullable Refused sender(Write write, State now, String kind, boolean writes) {
    AccessConfig access = now.access();
    Secret token = access.token();
    if (token != null && (!write.hook() || access.tokenForHooks())) {
      boolean session = !write.hook() && write.authorization().isEmpty() && hasSession(write, now);
      return session ? (writes ? noOrigin(write) : null) : token(write, token);
    }
    InetAddress from = write.from();
    if (from != null
        && (from.isLoopbackAddress()
            || access.trusted().stream().anyMatch(range -> range.contains(from)))) {
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

  private boolean hasSession(Write write, State now) {
    List<String> values = write.sessions();
    return !values.isEmpty() && sessions.isOpen(values, now.generation(), nanoTime.getAsLong());
  }

  /**
   * A browser sends the cookie by itself, and Origin with every write: one without is no page's.
   */
  private static @Nullable Refused noOrigin(Write write) {
    return write.origin().isEmpty()
        ? new Refused(
            403,
            RequestRefusal.ORIGIN,
            "a request that writes with a session's cookie needs an Origin equal to Host, as"
                + " browsers send it; programs send the token of setting api.token")
        : null;
  }

  private static @Nullable Refused token(Write write, Secret token) {
    if (write.authorization().isEmpty()) {
      return new Refused(
          401,
          RequestRefusal.TOKEN_MISSING,
          "expected Authorization: Bearer with the token of setting api.token"
              + (write.hook()
                  ? " (api.token-for-hooks is on)"
                  : ", or a session of POST /v1/session"));
    }
    String value = write.authorization().size() == 1 ? write.authorization().get(0) : "";
    boolean good =
        value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && value.length() <= MAX_TOKEN_LENGTH + BEARER.length()
            && Digests.isSame(value.substring(BEARER.length()).strip(), token.reveal());
    return good
        ? null
        : new Refused(
            401,
            RequestRefusal.TOKEN_WRONG,
            "the Authorization header is not Bearer with the token of setting api.token");
  }

  /** Browsers send Origin with every write, programs send none. */
  private static @Nullable Refused origin(Write write, State now) {
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
    return isAllowed(host.getHost(), now)
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

  private static boolean isAllowed(String host, State now) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String address = bracketed ? host.substring(1, host.length() - 1) : host;
    return (bracketed ? NetUtil.isValidIpV6Address(address) : NetUtil.isValidIpV4Address(address))
        || host.equalsIgnoreCase("localhost")
        || now.access().allowedHosts().contains(host.toLowerCase(Locale.ROOT));
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
