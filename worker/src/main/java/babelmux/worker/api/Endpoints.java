package babelmux.worker.api;

import babelmux.worker.streams.StreamStatus;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The endpoints of the HTTP port and their answers. */
final class Endpoints {

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final ApiParts parts;

  Endpoints(ApiParts parts) {
    this.parts = parts;
  }

  /**
   * One method of one path.
   *
   * @param path as Vert.x Web writes it, with {@code :id} for the stream id
   * @param where what makes the answer
   * @param answer from the stream id (empty where the path has none) to the answer
   */
  record Endpoint(HttpMethod method, String path, Where where, Function<String, Answer> answer) {
    boolean writes() {
      return !method.equals(HttpMethod.GET);
    }

    /** Answered to every request, even to one without Host, which HTTP/1.1 does not allow. */
    boolean needsNothing() {
      return path.equals("/metrics") || path.equals("/health") || path.startsWith("/health/");
    }
  }

  /** The threads that make an answer. */
  enum Where {
    /** The event loop: for constants. A liveness probe waits for nobody. */
    EVENT_LOOP,
    /** Threads for what looks at streams. */
    STREAMS,
    /** A thread for scrapes. */
    SCRAPE
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/", Where.EVENT_LOOP, id -> service()),
        new Endpoint(HttpMethod.GET, "/health", Where.EVENT_LOOP, id -> health()),
        new Endpoint(HttpMethod.GET, "/health/live", Where.EVENT_LOOP, id -> health()),
        new Endpoint(HttpMethod.GET, "/health/ready", Where.STREAMS, id -> ready()),
        new Endpoint(
            HttpMethod.GET,
            "/metrics",
            Where.SCRAPE,
            id -> new Answer(200, PROMETHEUS, parts.metrics().get())),
        new Endpoint(
            HttpMethod.GET,
            "/v1/streams",
            Where.STREAMS,
            id -> Answer.json(200, Map.of("streams", parts.streams().list()))),
        new Endpoint(HttpMethod.GET, "/v1/streams/:id", Where.STREAMS, this::stream),
        new Endpoint(HttpMethod.DELETE, "/v1/streams/:id", Where.STREAMS, this::end));
  }

  /** These words are what the tools around the older services look for. */
  private Answer service() {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("service", "stream-orchestration");
    body.put("version", parts.version());
    body.put("status", "running");
    return Answer.json(200, body);
  }

  private Answer health() {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("status", "ok");
    body.put("service", "media-service");
    return Answer.json(200, body);
  }

  private Answer ready() {
    Readiness readiness = parts.readiness().get();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", readiness.status());
    body.put("refusals", readiness.refusals());
    body.put("degraded", readiness.degraded());
    return Answer.json(readiness.isReady() ? 200 : 503, body);
  }

  private Answer stream(String id) {
    return parts
        .streams()
        .get(id)
        .map(status -> Answer.json(200, status))
        .orElseGet(() -> unknown(id));
  }

  private Answer end(String id) {
    if (parts.streams().end(id)) {
      Map<String, String> body = new LinkedHashMap<>();
      body.put("status", "draining");
      body.put("stream_id", id);
      return Answer.json(202, body);
    }
    Optional<StreamStatus> over = parts.streams().get(id);
    return over.isEmpty()
        ? unknown(id)
        : Answer.error(
            409, "stream_over", "the stream is over already: it is " + over.get().state());
  }

  private static Answer unknown(String id) {
    String shown = id.length() > 64 ? id.substring(0, 64) + "..." : id;
    return Answer.error(
        404,
        "stream_not_found",
        "no stream \"%s\" runs here or ended recently; see GET /v1/streams".formatted(shown));
  }
}
