package babelmux.hooks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP client for servers that may answer anything, slowly or without end: every request has a
 * limit of time and of bytes, and no redirect is followed. Blocks; answers an interrupt at once.
 * Thread-safe. Whoever makes it closes it.
 */
final class BoundedHttp implements AutoCloseable {
  private final Duration readTimeout;
  private final Duration totalTimeout;
  private final ThreadPoolExecutor threads;
  private final Duration connectTimeout;
  private @Nullable HttpClient plain;
  private @Nullable HttpClient encrypted;

  /**
   * @param name of its threads
   * @param connectTimeout until the connection stands
   * @param readTimeout until a whole answer is there
   */
  BoundedHttp(String name, Duration connectTimeout, Duration readTimeout) {
    this.connectTimeout = connectTimeout;
    this.readTimeout = readTimeout;
    totalTimeout = connectTimeout.plus(readTimeout);
    threads =
        new ThreadPoolExecutor(
            2, 2, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> thread(name, task));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Without a client for TLS, Java loads neither TLS nor its certificates: a part of each start.
   */
  private synchronized HttpClient client(URI url) {
    if ("http".equalsIgnoreCase(url.getScheme())) {
      HttpClient made = plain == null ? builder().sslContext(new NoTls()).build() : plain;
      plain = made;
      return made;
    }
    HttpClient made = encrypted == null ? builder().build() : encrypted;
    encrypted = made;
    return made;
  }

  private HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectTimeout)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .executor(threads);
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Asks once.
   *
   * @param body makes what takes the answer's body
   * @throws IOException when there is no whole answer in time; the message says why, printably and
   *     without the URL
   */
  HttpResponse<byte[]> get(
      URI url, Map<String, String> headers, Supplier<HttpResponse.BodySubscriber<byte[]>> body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(readTimeout);
    headers.forEach(request::header);
    // The request's own timeout ends with the headers; a server may still stop in the middle of its
    // answer.
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client(url).sendAsync(request.build(), info -> body.get());
    try {
      return exchange.get(totalTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | CancellationException e) {
      throw new IOException("no whole answer within %d ms".formatted(totalTimeout.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IOException(Printable.escape(reason(e.getCause())), e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  /** In words where the JDK has only a class. */
  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "nothing listens there, or it cannot be reached (connection refused)";
    }
    return String.valueOf(cause);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
