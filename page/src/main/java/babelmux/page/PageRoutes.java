package babelmux.page;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves the operator's page: its shell at {@code /} to those who prefer HTML to JSON, and its
 * files below {@code /page/}. They hold nothing of a stream, so everybody may have them. Runs on
 * event loops; a file is read on a worker thread, once.
 */
public final class PageRoutes {

  private static final String PREFIX = "/page/";

  private final @Nullable String hlsUrl;
  private final Assets assets = new Assets();

  /**
   * Makes the routes.
   *
   * @param hlsUrl setting {@code page.hls-url}; null when it is not set
   */
  public PageRoutes(@Nullable String hlsUrl) {
    this.hlsUrl = hlsUrl;
  }

  /**
   * Mounts the routes. Whoever wants no HTML at {@code /} is left to the routes that are mounted
   * behind.
   */
  public void mount(Router router) {
    router
        .route("/")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(
            context -> {
              context.response().putHeader("Vary", "Accept");
              if (Accept.prefersHtml(context.request().headers().getAll("Accept"))) {
                shell(context);
              } else {
                context.next();
              }
            });
    router.route(PREFIX + "*").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::file);
    router
        .route(PREFIX + "*")
        .handler(
            context -> {
              context.response().putHeader("Allow", "GET, HEAD");
              context.fail(405);
            });
  }

  private void shell(RoutingContext context) {
    HttpServerRequest request = context.request();
    List<String> hosts = request.headers().getAll("Host");
    HttpServerResponse response = context.response();
    response
        .putHeader("Cache-Control", "no-store")
        .putHeader("Vary", "Accept, Accept-Encoding")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader(
            "Content-Security-Policy",
            ContentPolicy.of(hlsUrl, hosts.size() == 1 ? hosts.get(0) : null, request.isSSL()));
    send(context, Assets.SHELL);
  }

  private void file(RoutingContext context) {
    // The path as it was sent: nothing is decoded or resolved, so only what is listed is found.
    String path = context.request().path();
    String name = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
    if (!assets.has(name)) {
      context.fail(404);
      return;
    }
    context
        .response()
        .putHeader("Cache-Control", "no-cache")
        .putHeader("Vary", "Accept-Encoding")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    send(context, name);
  }

  private void send(RoutingContext context, String name) {
    Optional<Assets.Asset> known = assets.known(name);
    if (known.isPresent()) {
      send(context, known.get());
      return;
    }
    Vertx vertx = context.vertx();
    vertx
        .executeBlocking(() -> assets.get(name), false)
        .onSuccess(asset -> send(context, asset))
        .onFailure(context::fail);
  }

  private static void send(RoutingContext context, Assets.Asset asset) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    HttpServerRequest request = context.request();
    boolean cacheable = !"no-store".equals(response.headers().get("Cache-Control"));
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (cacheable) {
      response.putHeader("ETag", asset.etag());
      if (matches(request.headers().getAll("If-None-Match"), asset.etag())) {
        response.setStatusCode(304).end();
        return;
      }
    }
    response.putHeader("Content-Type", asset.type());
    // Named in both cases, so that the server does not compress what is compressed, or again.
    boolean gzip = acceptsGzip(request.headers().getAll("Accept-Encoding"));
    response.putHeader("Content-Encoding", gzip ? "gzip" : "identity");
    byte[] body = gzip ? asset.gzip() : asset.plain();
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length)).end();
    } else {
      response.end(Buffer.buffer(body));
    }
  }

  static boolean matches(List<String> ifNoneMatch, String etag) {
    for (String each : String.join(",", ifNoneMatch).split(",")) {
      String tag = each.strip();
      if (tag.equals("*") || tag.equals(etag) || ("W/" + tag).equals(etag)) {
        return true;
      }
    }
    return false;
  }

  static boolean acceptsGzip(List<String> acceptEncoding) {
    for (String each : String.join(",", acceptEncoding).toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = each.split(";");
      if (parts[0].strip().equals("gzip")) {
        return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }
}
