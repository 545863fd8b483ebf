package babelmux.origin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP-FLV of each path that is ready, at {@code /<path>.flv}, for players in a browser: on the
 * port that MediaMTX's HLS would have. Pages of all origins may read it. Event loop only.
 */
final class FlvServer {
  private static final Logger log = LoggerFactory.getLogger(FlvServer.class);
  private static final String SUFFIX = ".flv";
  private static final int IDLE_SECONDS = 30;

  private final Vertx vertx;
  private final RtmpServer rtmp;
  private @Nullable HttpServer server;
  private int readers;

  FlvServer(Vertx vertx, RtmpServer rtmp) {
    this.vertx = vertx;
    this.rtmp = rtmp;
  }

  /**
   * @return the port
   */
  Future<Integer> listen(int port) {
    HttpServer http =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS))
            .requestHandler(this::handle);
    server = http;
    return http.listen(port, rtmp.config().host()).map(HttpServer::actualPort);
  }

  /** The port is closed afterwards, running answers break. */
  Future<Void> stopListening() {
    HttpServer http = server;
    server = null;
    return http == null ? Future.succeededFuture() : http.close();
  }

  private void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("Access-Control-Allow-Origin", "*")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.OPTIONS)) {
      response
          .putHeader("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
          .putHeader("Access-Control-Allow-Headers", "*")
          .setStatusCode(204)
          .end();
      return;
    }
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      refuse(response.putHeader("Allow", "GET, HEAD, OPTIONS"), 405, "expected GET");
      return;
    }
    String name = name(request);
    RelayPath path = name == null ? null : rtmp.relay().path(name);
    if (name == null || path == null) {
      refuse(response, 404, "no stream is here: expected /<path>.flv of a path that is ready");
    } else if (rtmp.faults().refusedReaders.contains(name) || !rtmp.mayRead(query(request))) {
      refuse(response, 401, "authentication failed");
    } else if (readers >= rtmp.config().maxConnections()) {
      refuse(response, 503, rtmp.config().maxConnections() + " readers");
    } else {
      response.putHeader("Content-Type", "video/x-flv");
      if (method.equals(HttpMethod.HEAD)) {
        response.end();
      } else {
        read(request, path);
      }
    }
  }

  private void read(HttpServerRequest request, RelayPath path) {
    HttpServerResponse response = request.response().setChunked(true);
    String address = String.valueOf(request.remoteAddress());
    FlvReader reader =
        new FlvReader(
            response,
            path,
            () -> {
              log.info("HTTP-FLV reader {} is too slow: disconnected", address);
              HardClose.close(request.connection());
            });
    path.addFlvReader(reader);
    readers++;
    log.info("HTTP-FLV reader {} is reading from path {}", address, path.name());
    response.exceptionHandler(e -> log.debug("HTTP-FLV reader {}: {}", address, e.getMessage()));
    // An answer ends, or its connection closes before: one of the two.
    response.endHandler(ended -> gone(reader, path));
    response.closeHandler(closed -> gone(reader, path));
  }

  private void gone(FlvReader reader, RelayPath path) {
    if (path.removeFlvReader(reader)) {
      readers--;
    }
  }

  /** The path of {@code /live/demo/in.flv}; null when it is none. */
  private static @Nullable String name(HttpServerRequest request) {
    String path = request.path();
    if (path == null || !path.startsWith("/") || !path.endsWith(SUFFIX)) {
      return null;
    }
    String name = path.substring(1, path.length() - SUFFIX.length());
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Map<String, String> query(HttpServerRequest request) {
    Map<String, String> query = new HashMap<>();
    request.params().forEach(entry -> query.put(entry.getKey(), entry.getValue()));
    return query;
  }

  private static void refuse(HttpServerResponse response, int status, String why) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(why + "\n");
  }
}
