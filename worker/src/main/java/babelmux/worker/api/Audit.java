package babelmux.worker.api;

import babelmux.hooks.Printable;
import babelmux.media.Secrets;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each request that had to be allowed, hooks apart: who sent it, what it asked
 * for, and the answer's status. No line holds a secret. Runs on event loops.
 */
final class Audit {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  /** What stands for a stream where a request is about none, or names none that can be read. */
  private static final String NO_STREAM = "-";

  private final AccessRules rules;

  Audit(AccessRules rules) {
    this.rules = rules;
  }

  /**
   * @param stream id of the stream that it is about; may be anything, or empty
   */
  void answered(
      HttpServerRequest request, Endpoints.Endpoint endpoint, String stream, Answer answer) {
    String wish = answer.wish().isEmpty() ? "" : ", " + answer.wish();
    write(request, endpoint, stream, wish, answer.status());
  }

  /**
   * It was not understood.
   *
   * @param stream as for {@link #answered}
   * @param status of the answer
   */
  void failed(HttpServerRequest request, Endpoints.Endpoint endpoint, String stream, int status) {
    write(request, endpoint, stream, "", status);
  }

  private void write(
      HttpServerRequest request,
      Endpoints.Endpoint endpoint,
      String stream,
      String wish,
      int status) {
    String query = request.query();
    log.info(
        "audit: {} {}{} from {}, {}, stream {}{}: {}",
        request.method(),
        endpoint.path(),
        Endpoints.NOW.equals(query) || Endpoints.NO_PUBLISH.equals(query) ? "?" + query : "",
        request.remoteAddress() == null ? "?" : request.remoteAddress().hostAddress(),
        credential(request),
        stream.isEmpty() ? NO_STREAM : Printable.escape(Secrets.mask(stream)),
        wish,
        status);
  }

  /** What the request was allowed by. */
  private String credential(HttpServerRequest request) {
    if (rules.access().token() == null) {
      return "no token";
    }
    return request.headers().contains("Authorization") ? "api.token" : "session";
  }
}
