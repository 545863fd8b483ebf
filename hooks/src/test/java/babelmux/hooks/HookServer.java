package babelmux.hooks;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The routes on a real Vert.x server at a free port, with a listener that records. */
final class HookServer implements HookListener, AutoCloseable {

  final List<SourceEvent> ready = new CopyOnWriteArrayList<>();
  final List<SourceEvent> notReady = new CopyOnWriteArrayList<>();
  final List<String> rejected = new CopyOnWriteArrayList<>();
  volatile Function<SourceEvent, HookVerdict> onReady = event -> new HookVerdict.Started();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;

  HookServer() throws Exception {
    this(false);
  }

  HookServer(boolean withBodyHandler) throws Exception {
    Router router = Router.router(vertx);
    if (withBodyHandler) {
      router.route().handler(BodyHandler.create(false).setBodyLimit(2 << 20));
    }
    new HookRoutes(PathPattern.parse(PathPattern.DEFAULT), this).mount(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @Override
  public HookVerdict ready(SourceEvent event) {
    ready.add(event);
    return onReady.apply(event);
  }

  @Override
  public HookVerdict notReady(SourceEvent event) {
    notReady.add(event);
    return new HookVerdict.Stopped();
  }

  @Override
  public void rejected(int status, String detail) {
    rejected.add(status + " " + detail);
  }

  int port() {
    return server.actualPort();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return send(path, HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(path, HttpRequest.BodyPublishers.ofByteArray(body));
  }

  HttpResponse<String> send(String path, HttpRequest.BodyPublisher body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url(path)).timeout(Duration.ofSeconds(20)).POST(body).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
