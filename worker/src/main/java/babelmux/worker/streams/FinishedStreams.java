package babelmux.worker.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The streams that ended recently, by id, as long as they are shown. Not thread-safe. */
final class FinishedStreams {
  private static final int REMEMBERED = 1000;

  /** The last so many have their events, too: 50 KiB each. */
  private static final int EXPLAINED = 50;

  private final Duration linger;
  private final Map<String, Finished> finished = new LinkedHashMap<>();

  private record Finished(StreamStatus status, StreamDebug debug, long sinceNanos) {

    Finished withoutEvents() {
      return new Finished(status, StreamDebug.of(status), sinceNanos);
    }
  }

  /**
   * @param linger how long an ended stream is shown
   */
  FinishedStreams(Duration linger) {
    this.linger = linger;
  }

  /** A stream has ended. */
  void add(StreamStatus last, StreamDebug debug) {
    finished.put(last.streamId(), new Finished(last, debug, System.nanoTime()));
    List<String> ids = List.copyOf(finished.keySet());
    if (ids.size() > EXPLAINED) {
      finished.computeIfPresent(
          ids.get(ids.size() - 1 - EXPLAINED), (id, old) -> old.withoutEvents());
    }
  }

  /** A stream of this id starts: what ended is not shown beside it. */
  void remove(String id) {
    finished.remove(id);
  }

  Optional<StreamStatus> get(String id) {
    return Optional.ofNullable(finished.get(id)).map(Finished::status);
  }

  Optional<StreamDebug> debug(String id) {
    return Optional.ofNullable(finished.get(id)).map(Finished::debug);
  }

  /** Ids of all of them. A copy. */
  Set<String> ids() {
    return Set.copyOf(finished.keySet());
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
