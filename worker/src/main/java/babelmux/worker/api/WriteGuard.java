package babelmux.worker.api;

import babelmux.hooks.LogThrottle;
import babelmux.worker.metrics.RequestRefusal;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every route that writes, and those that show more than others: lets a request pass,
 * or answers it, logs the reason, at most one line a second, and has it counted. Runs on event
 * loops.
 */
final class WriteGuard {

  private static final Logger log = LoggerFactory.getLogger(WriteGuard.class);
  static final String AUTHENTICATE = "WWW-Authenticate";
  static final String BEARER = "Bearer realm=\"babelmux\"";
  private static final String REFUSAL = "babelmux.refusal";

  /** Bytes read and discarded of a refused body, so that its sender gets to read the answer. */
  private static final int MAX_DISCARDED_BYTES = 1 << 20;

  private final AccessRules rules;
  private final Consumer<RequestRefusal> writeRefused;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  /**
   * @param writeRefused is told why a request that is no hook was refused
   */
  WriteGuard(AccessRules rules, Consumer<RequestRefusal> writeRefused) {
    this.rules = rules;
    this.writeRefused = writeRefused;
  }

  /** Handles a request for the hooks; their routes refuse other methods than POST. */
  void hook(RoutingContext context) {
    if (context.request().method().equals(HttpMethod.POST)) {
      check(context, true, true);
    } else {
      context.next();
    }
  }

  /**
   * Handles another request that writes.
   *
   * @param body whether it has one
   */
  void write(RoutingContext context, boolean body) {
    check(context, false, body);
  }

  /**
   * Handles a request that opens or ends a session.
   *
   * @param body whether it has one
   */
  void session(RoutingContext context, boolean body) {
    pass(context, false, rules.checkSession(values(context, false, body)));
  }

  /** Handles a request that shows what is not for everyone. */
  void read(RoutingContext context) {
    pass(context, false, rules.checkRead(values(context, false, false)));
  }

  /** Handles a request that shows what is for everyone where no token is set. */
  void readOpen(RoutingContext context) {
    pass(context, false, rules.checkOpenRead(values(context, false, false)));
  }

  /**
   * Returns whether a request that {@link #read} let pass would pass now: its token may have been
   * replaced, its session may be over. For answers that take long.
   */
  boolean isStillAllowed(RoutingContext context) {
    return rules.checkRead(values(context, false, false)).isEmpty();
  }

  private void check(RoutingContext context, boolean hook, boolean body) {
    pass(context, hook, rules.check(values(context, hook, body)));
  }

  private void pass(RoutingContext context, boolean hook, Optional<AccessRules.Refused> refused) {
    if (refused.isPresent()) {
      refuse(context, hook, refused.get());
    } else {
      context.next();
    }
  }

  /** The sender of a request. */
  static Caller caller(HttpServerRequest request) {
    return new Caller(
        address(request.remoteAddress()),
        request.headers().getAll("Authorization"),
        request.headers().getAll("Cookie"),
        request.headers().getAll("Origin"),
        request.headers().getAll("Host"),
        request.isSSL());
  }

  private static AccessRules.Write values(RoutingContext context, boolean hook, boolean body) {
    HttpServerRequest request = context.request();
    return new AccessRules.Write(
        hook,
        body,
        address(request.remoteAddress()),
        request.headers().getAll("Authorization"),
        request.headers().getAll("Cookie"),
        request.headers().getAll("Origin"),
        request.headers().getAll("Host"),
        request.headers().getAll("Content-Type"),
        hasBody(request));
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.headers().contains("Transfer-Encoding")
        || (length != null && !length.strip().equals("0"));
  }

  /** The other end of the connection; what headers say about it can be anything. */
  private static @Nullable InetAddress address(@Nullable SocketAddress remote) {
    String literal = remote == null ? null : remote.hostAddress();
    if (literal == null) {
      return null;
    }
    int scope = literal.indexOf('%');
    return NetUtil.createInetAddressFromIpAddressString(
        scope < 0 ? literal : literal.substring(0, scope));
  }

  private void refuse(RoutingContext context, boolean hook, AccessRules.Refused refused) {
    HttpServerRequest request = context.request();
    logRefusal(context, refused.status(), refused.detail());
    if (hook) {
      context.put(REFUSAL, refused.reason());
    } else {
      writeRefused.accept(refused.reason());
    }
    if (refused.status() == 401) {
      context.response().putHeader(AUTHENTICATE, BEARER);
    }
    discardBody(request);
    context.response().putHeader("Connection", "close");
    (hook
            ? hookRefusal(refused)
            : Refusals.of(
                context.normalizedPath(), ProblemType.of(refused.reason()), refused.detail()))
        .send(context);
  }

  private static Answer hookRefusal(AccessRules.Refused refused) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("code", refused.reason().label());
    body.put("detail", refused.detail());
    return Answer.json(refused.status(), body);
  }

  /** Answers a hook that is no HTTP request, as {@link babelmux.hooks.HookRoutes} would. */
  void malformedHook(RoutingContext context) {
    String detail = "request: expected a well-formed HTTP request target";
    logRefusal(context, 400, detail);
    Answer.json(400, Map.of("detail", detail)).send(context);
  }

  private void logRefusal(RoutingContext context, int status, String detail) {
    HttpServerRequest request = context.request();
    throttle
        .permit()
        .ifPresent(
            more ->
                log.warn(
                    "{} {} from {} refused with {}: {}{}",
                    request.method(),
                    route(context),
                    request.remoteAddress(),
                    status,
                    detail,
                    more));
  }

  /** The route, not the path: that can hold anything. */
  private static String route(RoutingContext context) {
    Route route = context.currentRoute();
    return route == null ? "request" : String.valueOf(route.getPath());
  }

  private static void discardBody(HttpServerRequest request) {
    long[] received = {0};
    request.handler(
        part -> {
          received[0] += part.length();
          if (received[0] > MAX_DISCARDED_BYTES) {
            request.connection().close();
          }
        });
  }

  /** The reason that a hook was refused, from the answer; empty when it was taken. */
  static Optional<RequestRefusal> refusalOf(RoutingContext context) {
    RequestRefusal known = context.get(REFUSAL);
    if (known != null) {
      return Optional.of(known);
    }
    return switch (context.response().getStatusCode()) {
      case 400, 422 -> Optional.of(RequestRefusal.INVALID);
      case 405 -> Optional.of(RequestRefusal.METHOD);
      case 408 -> Optional.of(RequestRefusal.TIMEOUT);
      case 413 -> Optional.of(RequestRefusal.TOO_LARGE);
      case 503 -> Optional.of(RequestRefusal.UNAVAILABLE);
      default -> Optional.empty();
    };
  }
}
