package babelmux.worker.api;

import babelmux.worker.config.HttpConfig;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP port of the worker. Everything but the hooks is made on a small pool of its own, so that
 * a scrape or a list never holds up a hook. Whoever started it closes it; the {@link Vertx} stays
 * the caller's.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
  private static final int THREADS = 2;
  private static final long START_SECONDS = 10;
  private static final long STOP_SECONDS = 5;

  private final WorkerExecutor pool;
  private final HttpServer server;

  private ApiServer(WorkerExecutor pool, HttpServer server) {
    this.pool = pool;
    this.server = server;
  }

  /**
   * Listens. Blocks until the port is bound.
   *
   * @throws IOException if that is not possible; the message says where and why, in one line
   * @throws InterruptedException if the caller is interrupted meanwhile
   */
  public static ApiServer start(Vertx vertx, HttpConfig http, ApiParts parts)
      throws IOException, InterruptedException {
    WorkerExecutor pool = vertx.createSharedWorkerExecutor("api", THREADS, 1, TimeUnit.MINUTES);
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(http.host())
                    .setPort(http.port())
                    .setIdleTimeout(60)
                    .setCompressionSupported(true)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(router(vertx, pool, parts));
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      pool.close();
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(cannotListen(http, String.valueOf(cause.getMessage())), e);
    } catch (TimeoutException e) {
      pool.close();
      throw new IOException(cannotListen(http, "no answer in " + START_SECONDS + " s"), e);
    }
    return new ApiServer(pool, server);
  }

  private static String cannotListen(HttpConfig http, String why) {
    return "cannot listen on %s port %d (http.host, http.port): %s"
        .formatted(http.host(), http.port(), why);
  }

  /** The port that is bound: the one asked for, or the free one that was found. */
  public int port() {
    return server.actualPort();
  }

  static Router router(Vertx vertx, WorkerExecutor pool, ApiParts parts) {
    Router router = Router.router(vertx);
    Endpoints endpoints = new Endpoints(parts);
    for (Endpoints.Endpoint endpoint : endpoints.all()) {
      router
          .route(endpoint.method(), endpoint.path())
          .handler(context -> answer(context, pool, endpoint));
      if (endpoint.method().equals(HttpMethod.GET)) {
        router
            .route(HttpMethod.HEAD, endpoint.path())
            .handler(context -> answer(context, pool, endpoint));
      }
    }
    endpoints.all().stream()
        .collect(Collectors.groupingBy(Endpoints.Endpoint::path))
        .forEach(
            (path, methods) ->
                router.route(path).handler(context -> notAllowed(context, allowed(methods))));
    timeHooks(router, parts);
    router.errorHandler(400, context -> failed(context, 400, "bad_request"));
    parts.hooks().accept(router);
    router.errorHandler(404, context -> failed(context, 404, "not_found"));
    router.errorHandler(405, context -> failed(context, 405, "method_not_allowed"));
    router.errorHandler(500, context -> failed(context, 500, "internal"));
    return router;
  }

  private static void answer(
      RoutingContext context, WorkerExecutor pool, Endpoints.Endpoint endpoint) {
    String id = context.pathParam("id");
    pool.executeBlocking(() -> endpoint.answer().apply(id == null ? "" : id), false)
        .onSuccess(answer -> answer.send(context))
        .onFailure(context::fail);
  }

  private static Set<String> allowed(List<Endpoints.Endpoint> methods) {
    Set<String> names = new TreeSet<>();
    for (Endpoints.Endpoint endpoint : methods) {
      names.add(endpoint.method().name());
      if (endpoint.method().equals(HttpMethod.GET)) {
        names.add("HEAD");
      }
    }
    return names;
  }

  private static void notAllowed(RoutingContext context, Set<String> allowed) {
    context.response().putHeader("Allow", String.join(", ", allowed));
    Answer.error(
            405,
            "method_not_allowed",
            "method: %s: expected one of %s".formatted(context.request().method(), allowed))
        .send(context);
  }

  private static void timeHooks(Router router, ApiParts parts) {
    for (String path : Set.of("/v1/mediamtx/*", "/hooks/mediamtx/*")) {
      router
          .route(path)
          .handler(
              context -> {
                long begin = System.nanoTime();
                context.addEndHandler(
                    ended ->
                        parts.hookAnswered().accept(Duration.ofNanos(System.nanoTime() - begin)));
                context.next();
              });
    }
  }

  private static void failed(RoutingContext context, int status, String code) {
    if (status == 500) {
      log.error(
          "{} {} failed", context.request().method(), context.normalizedPath(), context.failure());
    }
    String detail =
        switch (status) {
          case 400 -> "expected a well-formed HTTP request";
          case 404 -> "nothing is at this path";
          case 405 -> "method: " + context.request().method() + " is not for this path";
          default -> "internal error; the log has more";
        };
    Answer.error(status, code, detail).send(context);
  }

  /** Gives the port back: at most some seconds, then whatever still runs is left alone. */
  @Override
  public void close() {
    try {
      server
          .shutdown(STOP_SECONDS, TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS + 1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the HTTP port did not close cleanly: {}", e.toString());
    } finally {
      pool.close();
    }
  }
}
