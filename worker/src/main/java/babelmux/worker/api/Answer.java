package babelmux.worker.api;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * An HTTP answer, made off the event loop.
 *
 * @param status HTTP status
 * @param contentType of the body; empty without one
 * @param body text
 * @param headers further ones
 * @param stream id of the stream that it is about, where only the request's body names it; else
 *     empty
 * @param wish what was asked for, for the log, where the route does not say it; else empty
 */
record Answer(
    int status,
    String contentType,
    String body,
    Map<String, String> headers,
    String stream,
    String wish) {

  static final String JSON = "application/json";

  /** Problem details, RFC 9457. */
  static final String PROBLEM = "application/problem+json";

  Answer {
    headers = Map.copyOf(headers);
  }

  Answer(int status, String contentType, String body) {
    this(status, contentType, body, Map.of(), "", "");
  }

  /** Without a body. */
  static Answer noContent() {
    return new Answer(204, "", "");
  }

  /** The same with this header and no other further one. */
  Answer with(String header, String value) {
    return new Answer(status, contentType, body, Map.of(header, value), stream, wish);
  }

  /** The same about this stream. */
  Answer about(String streamId) {
    return new Answer(status, contentType, body, headers, streamId, wish);
  }

  /** The same after this wish, which must hold nothing of a request that may be anything. */
  Answer to(String asked) {
    return new Answer(status, contentType, body, headers, stream, asked);
  }

  static Answer json(int status, Object value) {
    return new Answer(status, JSON, Json.of(value));
  }

  void send(RoutingContext context) {
    send(context.response());
  }

  void send(HttpServerResponse response) {
    if (!response.ended() && !response.closed()) {
      headers.forEach(response::putHeader);
      response
          .setStatusCode(status)
          .putHeader("Cache-Control", "no-store")
          .putHeader("X-Content-Type-Options", "nosniff");
      if (!contentType.isEmpty()) {
        response.putHeader("Content-Type", contentType);
      }
      response.end(body);
    }
  }
}
