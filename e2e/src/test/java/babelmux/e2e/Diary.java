package babelmux.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the worker's API says about the STS links of all streams, looked at ten times a second. Any
 * thread; whoever opens it closes it.
 */
final class Diary implements AutoCloseable {
  private static final long INTERVAL_MS = 100;

  /**
   * A link as it was seen.
   *
   * @param cut segments cut by then
   * @param nanos when, {@link System#nanoTime}
   */
  record Entry(String link, String breaker, int inFlight, int cut, long nanos) {}

  private final Running running;
  private final Map<String, List<Entry>> entries = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::look, "diary");

  private Diary(Running running) {
    this.running = running;
  }

  static Diary open(Running running) {
    Diary diary = new Diary(running);
    diary.thread.start();
    return diary;
  }

  private void look() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        for (JsonNode stream : running.streams().path("streams")) {
          note(stream);
        }
        Thread.sleep(INTERVAL_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(JsonNode stream) {
    JsonNode sts = stream.path("sts");
    entries
        .computeIfAbsent(stream.path("streamId").asText(), id -> new CopyOnWriteArrayList<>())
        .add(
            new Entry(
                sts.path("link").asText(),
                sts.path("breaker").asText(),
                sts.path("inFlight").asInt(),
                stream.path("segments").path("cut").asInt(),
                System.nanoTime()));
  }

  private List<Entry> of(String id) {
    return entries.getOrDefault(id, List.of());
  }

  /** The link's states one after the other. */
  List<String> links(String id) {
    return changes(of(id).stream().map(Entry::link).toList());
  }

  /** The breaker's states one after the other. */
  List<String> breakers(String id) {
    return changes(of(id).stream().map(Entry::breaker).toList());
  }

  private static List<String> changes(List<String> values) {
    List<String> changes = new ArrayList<>();
    for (String value : values) {
      if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(value)) {
        changes.add(value);
      }
    }
    return changes;
  }

  /** The most fragments that were in flight. */
  int mostInFlight(String id) {
    return of(id).stream().mapToInt(Entry::inFlight).max().orElse(0);
  }

  /** How long each time lasted that the link was reconnecting. */
  List<Duration> outages(String id) {
    List<Duration> outages = new ArrayList<>();
    long since = 0;
    for (Entry entry : of(id)) {
      boolean gone = entry.link().equals("reconnecting");
      if (gone && since == 0) {
        since = entry.nanos();
      } else if (!gone && since != 0) {
        outages.add(Duration.ofNanos(entry.nanos() - since));
        since = 0;
      }
    }
    return outages;
  }

  /** How many segments had been cut whenever the link had become ready, one after the other. */
  List<Integer> cutWhenReady(String id) {
    List<Integer> cuts = new ArrayList<>();
    boolean ready = false;
    for (Entry entry : of(id)) {
      boolean now = entry.link().equals("ready") || entry.link().equals("paused");
      if (now && !ready) {
        cuts.add(entry.cut());
      }
      ready = now;
    }
    return cuts;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
