package babelmux.worker.api;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.JsonBody;
import babelmux.hooks.LogThrottle;
import babelmux.worker.metrics.RequestRefusal;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers to those who trade the token for a session, or end theirs. No answer and no line of the
 * log holds anything that a request's body holds. Returns at once; safe for all threads.
 */
final class SignIn {

  private static final Logger log = LoggerFactory.getLogger(SignIn.class);
  private static final String TOKEN = "token";
  private static final String SET_COOKIE = "Set-Cookie";

  private final AccessRules rules;
  private final Consumer<RequestRefusal> refused;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  /**
   * @param refused is told why a request was refused
   */
  SignIn(AccessRules rules, Consumer<RequestRefusal> refused) {
    this.rules = rules;
    this.refused = refused;
  }

  /**
   * {@code GET /v1/session}: whether this browser would be answered, so that a page need not be
   * refused to find out.
   */
  Answer look(ApiRequest request) {
    Map<String, @Nullable String> body = new LinkedHashMap<>();
    AccessRules.Refused refused = rules.checkRead(request.caller().read()).orElse(null);
    boolean token = refused != null && refused.status() == 401;
    body.put("access", refused == null ? "granted" : token ? "token_needed" : "refused");
    body.put("detail", refused == null ? null : refused.detail());
    return Answer.json(200, body);
  }

  /** {@code POST /v1/session}. */
  Answer open(ApiRequest request) {
    String token;
    try {
      JsonBody json = JsonBody.parse(request.body(), "");
      json.requireOnly(Set.of(TOKEN));
      token = json.requireText(TOKEN);
    } catch (InvalidBody e) {
      // Its detail holds what was found, which may be the token at another place.
      refused.accept(RequestRefusal.INVALID);
      return Refusals.problem(
          ProblemType.INVALID, "body: expected one JSON object {\"" + TOKEN + "\": \"...\"}");
    }
    Caller caller = request.caller();
    AccessRules.SignedIn answer = rules.signIn(token, caller.address());
    if (answer instanceof AccessRules.SignedIn.Opened opened) {
      return Answer.noContent()
          .with(SET_COOKIE, caller.sessionCookie().set(opened.value(), caller.isSecure()));
    } else if (answer instanceof AccessRules.SignedIn.NoToken) {
      return Refusals.problem(
          ProblemType.NO_TOKEN_NEEDED,
          "api.token is not set: addresses decide, and a session changes nothing");
    } else if (answer instanceof AccessRules.SignedIn.TooMany) {
      return refuse(
              caller.address(),
              ProblemType.TOO_MANY_ATTEMPTS,
              "too many wrong tokens came from this address: expected one a second")
          .with("Retry-After", Long.toString(SignInLimit.INTERVAL.toSeconds()));
    }
    return refuse(
            caller.address(), ProblemType.TOKEN_WRONG, "the token is not that of setting api.token")
        .with(WriteGuard.AUTHENTICATE, WriteGuard.BEARER);
  }

  /** {@code DELETE /v1/session}. */
  Answer end(ApiRequest request) {
    Caller caller = request.caller();
    SessionCookie cookie = caller.sessionCookie();
    rules.signOut(cookie.values(caller.cookie()));
    return Answer.noContent().with(SET_COOKIE, cookie.removed(caller.isSecure()));
  }

  private Answer refuse(@Nullable InetAddress from, ProblemType type, String detail) {
    refused.accept(RequestRefusal.TOKEN_WRONG);
    throttle
        .permit()
        .ifPresent(
            more ->
                log.warn(
                    "POST /v1/session from {} refused with {}: {}{}",
                    from == null ? "?" : from.getHostAddress(),
                    type.status(),
                    detail,
                    more));
    return Refusals.problem(type, detail);
  }
}
