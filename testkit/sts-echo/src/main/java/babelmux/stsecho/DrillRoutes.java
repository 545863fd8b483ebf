package babelmux.stsecho;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.protocol.StsService;
import babelmux.stsecho.socketio.HttpCall;
import babelmux.stsecho.socketio.HttpReply;
import babelmux.stsecho.socketio.HttpRoutes;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * HTTP beside the socket: {@code GET /health}, {@code GET|PUT|DELETE /drill/faults}, {@code GET
 * /drill/sessions}, {@code POST /drill/now?stream=ID}. The drill is for those who have the token,
 * or, without one, for this machine.
 */
final class DrillRoutes implements HttpRoutes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final StsService service;
  private final String voice;
  private final long startedNanos = System.nanoTime();

  DrillRoutes(StsService service, String voice) {
    this.service = service;
    this.voice = voice;
  }

  @Override
  public CompletionStage<HttpReply> handle(HttpCall call) {
    if (call.path().startsWith("/drill/") && !service.mayControl(bearer(call), call.local())) {
      return detail(
          401,
          "the drill needs 'Authorization: Bearer TOKEN' with the server's --token; without one it"
              + " is for this machine only");
    }
    try {
      return switch (call.method() + " " + call.path()) {
        case "GET /health" -> reply(200, health());
        case "GET /drill/faults" ->
            CompletableFuture.completedFuture(new HttpReply(200, service.plan().source()));
        case "PUT /drill/faults" -> put(FaultPlan.parse(call.body()));
        case "DELETE /drill/faults" -> put(FaultPlan.NONE);
        case "GET /drill/sessions" ->
            service.sessions().thenApply(sessions -> new HttpReply(200, sessions));
        case "POST /drill/now" -> faultInjector(call);
        default -> missing(call);
      };
    } catch (BadPayload e) {
      return detail(422, e.reason());
    }
  }

  private static String bearer(HttpCall call) {
    String scheme = "Bearer ";
    String value = call.authorization();
    return value.regionMatches(true, 0, scheme, 0, scheme.length())
        ? value.substring(scheme.length()).strip()
        : "";
  }

  private ObjectNode health() {
    return JSON.objectNode()
        .put("status", "healthy")
        .put("service", "sts-echo")
        .put("voice", voice)
        .put("connections", service.clients())
        .put("faults", service.plan().size())
        .put("uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos));
  }

  private CompletionStage<HttpReply> put(FaultPlan plan) {
    service.plan(plan);
    return reply(200, JSON.objectNode().put("rules", plan.size()));
  }

  private CompletionStage<HttpReply> faultInjector(HttpCall call) throws BadPayload {
    List<String> streams = call.query().getOrDefault("stream", List.of());
    if (streams.size() != 1) {
      return detail(422, "stream: expected one stream id in the query");
    }
    Fault fault = FaultPlan.readFault(FaultPlan.tree(call.body()));
    return service
        .faultInjector(streams.get(0), fault)
        .handle(
            (struck, failure) -> {
              if (failure != null) {
                return new HttpReply(422, body(String.valueOf(failure.getMessage())));
              }
              return struck == 0
                  ? new HttpReply(404, body("no session of stream '%s'".formatted(streams.get(0))))
                  : new HttpReply(200, JSON.objectNode().put("struck", struck));
            });
  }

  private static CompletionStage<HttpReply> missing(HttpCall call) {
    boolean known =
        List.of("/health", "/drill/faults", "/drill/sessions", "/drill/now").contains(call.path());
    return known
        ? detail(405, "%s does not go with %s".formatted(call.method(), call.path()))
        : detail(404, "nothing is at %s".formatted(call.path()));
  }

  private static CompletionStage<HttpReply> detail(int status, String text) {
    return reply(status, body(text));
  }

  private static ObjectNode body(String text) {
    return JSON.objectNode().put("detail", text);
  }

  private static CompletionStage<HttpReply> reply(int status, ObjectNode body) {
    return CompletableFuture.completedFuture(new HttpReply(status, body));
  }
}
