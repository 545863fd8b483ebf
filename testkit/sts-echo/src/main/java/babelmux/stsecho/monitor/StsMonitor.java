package babelmux.stsecho.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that gets a copy of everything a stand-in STS server says, and keeps the finished
 * fragments. Whoever opens it closes it. Thread-safe.
 */
public final class StsMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StsMonitor.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROCESSED = "fragment:processed";

  private final Socket socket;
  private final CountDownLatch connected = new CountDownLatch(1);
  private final List<JsonNode> processed = new CopyOnWriteArrayList<>();

  private StsMonitor(URI server) {
    IO.Options options =
        IO.Options.builder()
            .setForceNew(true)
            .setTransports(new String[] {"websocket"})
            .setAuth(Map.of("role", "monitor"))
            .build();
    socket = IO.socket(server, options);
    socket.on(Socket.EVENT_CONNECT, ignored -> connected.countDown());
    socket.on(PROCESSED, arguments -> keep(arguments));
  }

  /**
   * Connects; blocks until that is done.
   *
   * @param server such as {@code http://127.0.0.1:3000}
   * @throws IllegalStateException when it is not connected within the limit
   */
  public static StsMonitor open(URI server, Duration limit) throws InterruptedException {
    StsMonitor monitor = new StsMonitor(server);
    monitor.socket.connect();
    if (!monitor.connected.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      monitor.close();
      throw new IllegalStateException(
          "cannot watch the STS at " + server + ": not connected within " + limit);
    }
    return monitor;
  }

  private void keep(Object... arguments) {
    if (arguments.length == 0) {
      return;
    }
    try {
      processed.add(JSON.readTree(String.valueOf(arguments[0])));
    } catch (JsonProcessingException e) {
      log.warn("the monitor got something else than JSON: {}", e.getOriginalMessage());
    }
  }

  /**
   * The {@code fragment:processed} events of a stream that were sent since the monitor connected,
   * in their order.
   */
  public List<JsonNode> processed(String streamId) {
    return processed.stream()
        .filter(event -> event.path("stream_id").asText("").equals(streamId))
        .toList();
  }

  @Override
  public void close() {
    socket.close();
  }
}
