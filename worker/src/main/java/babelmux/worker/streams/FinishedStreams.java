package babelmux.worker.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The streams that ended recently, by id, as long as they are shown. Not thread-safe. */
final class FinishedStreams {
  private static final int REMEMBERED = 1000;

  private final Duration linger;
  private final Map<String, Finished> finished = new LinkedHashMap<>();

  private record Finished(StreamStatus status, long sinceNanos) {}

  /**
   * @param linger how long an ended stream is shown
   */
  FinishedStreams(Duration linger) {
    this.linger = linger;
  }

  /** A stream has ended. */
  void add(StreamStatus last) {
    finished.put(last.streamId(), new Finished(last, System.nanoTime()));
  }

  /** A stream of this id starts: what ended is not shown beside it. */
  void remove(String id) {
    finished.remove(id);
  }

  Optional<StreamStatus> get(String id) {
    return Optional.ofNullable(finished.get(id)).map(Finished::status);
  }

  /** All of them, in the order of their ends. */
  Collection<StreamStatus> all() {
    return finished.values().stream().map(Finished::status).toList();
  }

  /** Forgets those that are shown no longer, and the oldest of too many. */
  void forgetOld() {
    long nowNanos = System.nanoTime();
    finished.values().removeIf(old -> nowNanos - old.sinceNanos() > linger.toNanos());
    while (finished.size() >= REMEMBERED) {
      finished.remove(finished.keySet().iterator().next());
    }
  }
}
