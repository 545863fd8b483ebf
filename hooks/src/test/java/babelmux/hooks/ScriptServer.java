package babelmux.hooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An HTTP server for scripts to talk to: records what came and answers as told. */
final class ScriptServer implements AutoCloseable {

  /** Answered by silence. */
  static final int HANG = 0;

  record Seen(
      String method,
      String path,
      String userAgent,
      String contentType,
      String authorization,
      byte[] body,
      long nanos) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final Map<String, String> redirects = new ConcurrentHashMap<>();
  final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  volatile int status = 200;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String scheme;

  ScriptServer() throws IOException {
    this(HttpServer.create(anyPort(), 50), "http");
  }

  /** Over TLS, with the certificate of this context. */
  static ScriptServer tls(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new ScriptServer(server, "https");
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private ScriptServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            path,
            String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")),
            String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
            exchange.getRequestBody().readAllBytes(),
            System.nanoTime()));
    String elsewhere = redirects.get(path);
    if (elsewhere != null) {
      exchange.getResponseHeaders().set("Location", elsewhere);
      reply(exchange, 302, new byte[] {'>'});
      return;
    }
    if (exchange.getRequestMethod().equals("GET")) {
      byte[] file = files.get(path);
      reply(exchange, file == null ? 404 : 200, file == null ? new byte[] {'?'} : file);
      return;
    }
    Integer next = statuses.poll();
    int code = next == null ? status : next;
    if (code == HANG) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    reply(
        exchange,
        code,
        "{\"detail\":\"path: \\\"x\\\": expected HTTP/1.1 200\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
