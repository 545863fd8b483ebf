package babelmux.origin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of MediaMTX's Control API that babelmux reads. Event loop only. */
final class ControlApiServer {
  static final String VERSION = "v1.20.1";
  private static final String GET_PATH = "/v3/paths/get/";

  private final Vertx vertx;
  private final OriginConfig config;
  private final RtmpServer rtmp;
  private final Instant started;
  private @Nullable HttpServer server;

  ControlApiServer(Vertx vertx, OriginConfig config, RtmpServer rtmp, Instant started) {
    this.vertx = vertx;
    this.config = config;
    this.rtmp = rtmp;
    this.started = started;
  }

  /**
   * @return the port
   */
  Future<Integer> listen(int port) {
    HttpServer http = vertx.createHttpServer().requestHandler(router());
    server = http;
    return http.listen(port, config.host()).map(HttpServer::actualPort);
  }

  /** The port is closed afterwards, running requests break. */
  Future<Void> stopListening() {
    HttpServer http = server;
    server = null;
    return http == null ? Future.succeededFuture() : http.close();
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.route().handler(this::delay);
    router.route().handler(this::authenticate);
    router.get("/v3/info").handler(this::info);
    router.get("/v3/paths/list").handler(ctx -> list(ctx, paths()));
    router.get(GET_PATH + "*").handler(this::path);
    router.get("/v3/rtmpconns/list").handler(ctx -> list(ctx, connections()));
    router
        .get("/v3/rtmpconns/get/:id")
        .handler(ctx -> connection(ctx, c -> answer(ctx, 200, ApiView.connection(c))));
    router.post("/v3/rtmpconns/kick/:id").handler(ctx -> connection(ctx, c -> kick(ctx, c)));
    return router;
  }

  private void delay(RoutingContext ctx) {
    long delayMs = rtmp.faults().apiDelayMs;
    if (delayMs == 0) {
      ctx.next();
    } else {
      vertx.setTimer(delayMs, id -> ctx.next());
    }
  }

  private void authenticate(RoutingContext ctx) {
    int fault = rtmp.faults().apiStatus;
    Credentials wanted = config.apiCredentials();
    String header = ctx.request().getHeader("Authorization");
    if (fault != 0) {
      answer(ctx, fault, ApiView.error("fault"));
    } else if (wanted == null || matches(wanted, header)) {
      ctx.next();
    } else {
      if (header == null) {
        ctx.response().putHeader("WWW-Authenticate", "Basic realm=\"mediamtx\"");
      }
      answer(ctx, 401, ApiView.error("authentication error"));
    }
  }

  private static boolean matches(Credentials wanted, @Nullable String header) {
    if (header == null || !header.startsWith("Basic ")) {
      return false;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()));
      String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2 && wanted.accept(parts[0], parts[1]);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void info(RoutingContext ctx) {
    answer(ctx, 200, new JsonObject().put("version", VERSION).put("started", started.toString()));
  }

  private List<JsonObject> paths() {
    Relay relay = rtmp.relay();
    return relay.paths().stream().map(p -> ApiView.path(p, relay.configName(p))).toList();
  }

  private List<JsonObject> connections() {
    return rtmp.connections().stream().map(ApiView::connection).toList();
  }

  private static void list(RoutingContext ctx, List<JsonObject> all) {
    try {
      Page<JsonObject> page =
          Page.of(all, ctx.request().getParam("itemsPerPage"), ctx.request().getParam("page"));
      answer(ctx, 200, ApiView.list(all, page));
    } catch (IllegalArgumentException e) {
      answer(ctx, 400, ApiView.error(String.valueOf(e.getMessage())));
    }
  }

  private void path(RoutingContext ctx) {
    String name = ctx.request().path().substring(GET_PATH.length());
    if (name.isEmpty()) {
      answer(ctx, 400, ApiView.error("invalid name"));
      return;
    }
    Relay relay = rtmp.relay();
    RelayPath path = relay.path(decode(name));
    if (path == null) {
      answer(ctx, 404, ApiView.error("path not found"));
    } else {
      answer(ctx, 200, ApiView.path(path, relay.configName(path)));
    }
  }

  private void connection(RoutingContext ctx, Consumer<RtmpServerConnection> action) {
    String id = ctx.pathParam("id");
    try {
      UUID wanted = UUID.fromString(id);
      rtmp.connections().stream()
          .filter(connection -> connection.id().equals(wanted.toString()))
          .findFirst()
          .ifPresentOrElse(action, () -> answer(ctx, 404, ApiView.error("connection not found")));
    } catch (IllegalArgumentException e) {
      answer(ctx, 400, ApiView.error("invalid UUID length: " + id.length()));
    }
  }

  private static void kick(RoutingContext ctx, RtmpServerConnection connection) {
    connection.close("kicked");
    answer(ctx, 200, new JsonObject().put("status", "ok"));
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  private static void answer(RoutingContext ctx, int status, JsonObject body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.toBuffer());
  }
}
