package babelmux.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends hooks and takes the time of each. Blocks; any thread. */
final class HookClient {
  private static final int LIMIT_MILLIS = 10_000;

  private final URI worker;
  private final boolean keepAlive;

  /**
   * @param keepAlive whether connections are used again, as the JDK's client does by itself; else
   *     one for each hook, as the hook program does
   */
  HookClient(URI worker, boolean keepAlive) {
    this.worker = worker;
    this.keepAlive = keepAlive;
  }

  /** An answer. */
  record Answer(int status, long nanos) {}

  /**
   * @param event {@code ready} or {@code not-ready}
   */
  Answer send(String event, String body) throws IOException {
    long begin = System.nanoTime();
    HttpURLConnection connection =
        (HttpURLConnection) worker.resolve("/v1/mediamtx/events/" + event).toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    if (!keepAlive) {
      connection.setRequestProperty("Connection", "close");
    }
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (in != null) {
        in.readAllBytes();
      }
    }
    return new Answer(status, System.nanoTime() - begin);
  }
}
