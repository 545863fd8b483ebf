package babelmux.bench;

import babelmux.demo.Web;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts publishers of outputs, again and again, as a media server's Control API lists its
 * connections: two at once on one path are two workers that fight for it. Has a thread of its own.
 * Whoever started it closes it.
 */
final class PublisherWatch implements AutoCloseable {
  private static final long POLL_MILLIS = 50;
  private static final String QUERY = "/v3/rtmpconns/list?itemsPerPage=1000";

  private final String url;
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "publisher-watch");

  private PublisherWatch(URI api) {
    url = api + QUERY;
    thread.setDaemon(true);
  }

  static PublisherWatch start(URI api) {
    PublisherWatch watch = new PublisherWatch(api);
    watch.thread.start();
    return watch;
  }

  /** The largest number of publishers that one output had at once. */
  int most() {
    return most.get();
  }

  /** How often it could look. */
  int looks() {
    return looks.get();
  }

  private void run() {
    try {
      while (true) {
        JsonNode list = Web.json(url);
        if (list.has("items")) {
          looks.incrementAndGet();
          most.accumulateAndGet(most(list), Math::max);
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The largest number of publishers of one output in a list of connections. */
  static int most(JsonNode list) {
    return publishers(list).values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Publishers of each output that has one. */
  static Map<String, Integer> publishers(JsonNode list) {
    Map<String, Integer> publishers = new HashMap<>();
    for (JsonNode connection : list.path("items")) {
      String path = connection.path("path").asText();
      if (connection.path("state").asText().equals("publish") && path.endsWith("/out")) {
        publishers.merge(path, 1, Integer::sum);
      }
    }
    return publishers;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
