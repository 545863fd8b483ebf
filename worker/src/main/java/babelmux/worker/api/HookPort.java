package babelmux.worker.api;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.TlsConfig;
import babelmux.worker.metrics.RequestRefusal;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The worker's port with nothing but the hooks' routes, by the rules of {@link ApiServer}: for a
 * doctor without a worker. No probe takes it for one. Whoever started it closes it; the {@link
 * Vertx} stays the caller's.
 */
public final class HookPort implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final HttpServer server;

  private HookPort(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens. Blocks until the port is bound.
   *
   * @param hooks mounts the routes that MediaMTX's hooks call
   * @param refused is told why a hook was refused
   * @throws IOException if that is not possible; the message says why, in one line
   */
  public static HookPort start(
      Vertx vertx,
      HttpConfig http,
      AccessConfig access,
      Consumer<Router> hooks,
      Consumer<RequestRefusal> refused)
      throws IOException, InterruptedException {
    HttpServerOptions options =
        new HttpServerOptions().setHost(http.host()).setPort(http.port()).setIdleTimeout(30);
    TlsConfig tls = http.tls();
    if (tls != null) {
      options
          .setSsl(true)
          .setUseAlpn(false)
          .setKeyCertOptions(ServerCertificate.read(vertx, tls).options());
    }
    Router router = Router.router(vertx);
    WriteGuard guard = new WriteGuard(new AccessRules(access), reason -> {});
    ApiServer.watchHooks(router, guard, time -> {}, refused);
    hooks.accept(router);
    HttpServer server = vertx.createHttpServer(options).requestHandler(router);
    Listening.start(server, LIMIT);
    return new HookPort(server);
  }

  /** The port that is bound. */
  public int port() {
    return server.actualPort();
  }

  /** Gives the port back; its connections end. Returns at once. */
  @Override
  public void close() {
    server.close();
  }
}
