package babelmux.hooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
  final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  volatile int status = 200;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  ScriptServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
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
