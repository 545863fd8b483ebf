package babelmux.worker.api;

import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The beginning of an HTTP server. */
final class Listening {

  private Listening() {}

  /**
   * Listens. Blocks until the port is bound.
   *
   * @throws IOException if it is not bound within the limit; the message says why, in one line
   */
  static void start(HttpServer server, Duration limit) throws IOException, InterruptedException {
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(
          String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException("no answer in " + limit.toSeconds() + " s", e);
    }
  }
}
