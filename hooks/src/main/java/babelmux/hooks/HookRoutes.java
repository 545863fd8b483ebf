package babelmux.hooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes of MediaMTX's hooks: {@code POST /v1/mediamtx/events/ready|not-ready}, and under {@code
 * /hooks/mediamtx/} {@code on-ready}, {@code on-not-ready}, {@code ready}, {@code not-ready}. Every
 * answer is JSON and is sent at once: 200 with {@code status}, 422 and 413 with a {@code detail}
 * that names the field, the value and what was expected, 503 with Retry-After and a stable {@code
 * code}. Runs on the router's event loops; holds no state and nothing to close.
 */
public final class HookRoutes {

  /** A hook's body is some hundred bytes; this leaves room for long queries. */
  public static final int MAX_BODY_BYTES = 64 << 10;

  private static final Logger log = LoggerFactory.getLogger(HookRoutes.class);
  private static final long BODY_TIMEOUT_MILLIS = 5_000;

  private final EventParser parser;
  private final HookListener listener;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  public HookRoutes(PathPattern paths, HookListener listener) {
    parser = new EventParser(paths);
    this.listener = listener;
  }

  /**
   * Adds the routes, and the answer to request targets that are no URL. A BodyHandler may, but need
   * not, stand before them.
   */
  public void mount(Router router) {
    router.errorHandler(
        400,
        context -> reject(context, 400, "request: expected a well-formed HTTP request target"));
    for (String path :
        List.of("/v1/mediamtx/events/ready", "/hooks/mediamtx/on-ready", "/hooks/mediamtx/ready")) {
      add(router, path, listener::ready);
    }
    for (String path :
        List.of(
            "/v1/mediamtx/events/not-ready",
            "/hooks/mediamtx/on-not-ready",
            "/hooks/mediamtx/not-ready")) {
      add(router, path, listener::notReady);
    }
  }

  private void add(Router router, String path, Function<SourceEvent, HookVerdict> event) {
    router.post(path).handler(context -> handle(context, event));
    router
        .route(path)
        .handler(
            context -> {
              context.response().putHeader("Allow", "POST");
              reject(context, 405, "method: " + context.request().method() + ": expected POST");
            });
  }

  private void handle(RoutingContext context, Function<SourceEvent, HookVerdict> event) {
    body(context)
        .onSuccess(body -> answer(context, event, body))
        .onFailure(
            failure -> {
              if (failure instanceof BodyReader.Refused refused) {
                refuseBody(context, refused);
              } else {
                log.debug("hook went away before its body was complete: {}", failure.toString());
              }
            });
  }

  private void refuseBody(RoutingContext context, BodyReader.Refused refused) {
    boolean unread = !context.request().isEnded();
    context.response().putHeader("Connection", "close");
    reject(context, refused.status(), refused.detail());
    if (unread) {
      // Vert.x would go on reading, without end, before it closes.
      context.request().connection().close();
    }
  }

  private static Future<Buffer> body(RoutingContext context) {
    Buffer read = context.body() == null ? null : context.body().buffer();
    if (read == null && context.request().isEnded()) {
      return Future.succeededFuture(Buffer.buffer());
    }
    if (read == null) {
      return BodyReader.read(
          context.vertx(), context.request(), MAX_BODY_BYTES, BODY_TIMEOUT_MILLIS);
    }
    return read.length() <= MAX_BODY_BYTES
        ? Future.succeededFuture(read)
        : Future.failedFuture(
            new BodyReader.Refused(
                413,
                "body: %d bytes: expected at most %d".formatted(read.length(), MAX_BODY_BYTES)));
  }

  private void answer(
      RoutingContext context, Function<SourceEvent, HookVerdict> handler, Buffer body) {
    SourceEvent event;
    try {
      event = parser.parse(body.getBytes());
    } catch (InvalidBody e) {
      reject(context, 422, e.detail());
      return;
    }
    if (event.direction() == Direction.OUT) {
      listener.output(event);
      send(context, 200, skipped(event, "our own output path: nothing to do"));
      return;
    }
    HookVerdict verdict;
    try {
      verdict = handler.apply(event);
    } catch (RuntimeException e) {
      log.error("hook listener failed on {}", event, e);
      send(context, 500, object().put("detail", "Internal server error"));
      return;
    }
    answer(context, event, verdict);
  }

  private static void answer(RoutingContext context, SourceEvent event, HookVerdict verdict) {
    if (verdict instanceof HookVerdict.Skipped skipped) {
      send(context, 200, skipped(event, skipped.why()));
    } else if (verdict instanceof HookVerdict.Refused refused) {
      context.response().putHeader("Retry-After", Integer.toString(refused.retryAfterSeconds()));
      send(
          context,
          503,
          object()
              .put("detail", refused.message())
              .put("code", refused.code())
              .put("reason", refused.reason())
              .put("stream_id", event.streamId())
              .put("correlation_id", event.correlationId()));
    } else {
      boolean started = verdict instanceof HookVerdict.Started;
      send(
          context,
          200,
          object()
              .put("status", started ? "worker_started" : "worker_stopped")
              .put("message", (started ? "worker runs for " : "no worker for ") + event.path())
              .put("stream_id", event.streamId())
              .put("correlation_id", event.correlationId()));
    }
  }

  private static ObjectNode skipped(SourceEvent event, String why) {
    return object()
        .put("status", "skipped")
        .put("message", why)
        .put("stream_id", event.streamId())
        .put("direction", event.direction().name().toLowerCase(Locale.ROOT))
        .put("correlation_id", event.correlationId());
  }

  private void reject(RoutingContext context, int status, String detail) {
    throttle
        .permit()
        .ifPresent(
            more ->
                log.warn(
                    "hook from {} refused with {}: {}{}",
                    context.request().remoteAddress(),
                    status,
                    detail,
                    more));
    listener.rejected(status, detail);
    send(context, status, object().put("detail", detail));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void send(RoutingContext context, int status, ObjectNode body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .putHeader("X-Content-Type-Options", "nosniff")
          .end(body.toString());
    }
  }
}
