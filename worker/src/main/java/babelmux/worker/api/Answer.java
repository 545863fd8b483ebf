package babelmux.worker.api;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * An HTTP answer, made off the event loop.
 *
 * @param status HTTP status
 * @param contentType of the body
 * @param body text
 */
record Answer(int status, String contentType, String body) {

  static final String JSON = "application/json";

  static Answer json(int status, Object value) {
    return new Answer(status, JSON, Json.of(value));
  }

  /** A refusal: a stable code for programs, a sentence for people. */
  static Answer error(int status, String code, String detail) {
    return json(status, Map.of("error", code, "detail", detail));
  }

  void send(RoutingContext context) {
    send(context.response());
  }

  void send(HttpServerResponse response) {
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader("Content-Type", contentType)
          .putHeader("Cache-Control", "no-store")
          .putHeader("X-Content-Type-Options", "nosniff")
          .end(body);
    }
  }
}
