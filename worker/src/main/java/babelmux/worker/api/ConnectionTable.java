package babelmux.worker.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open connections of a port: how many there may be, and how long each may take for what it is
 * at. Whoever opens connections and sends nothing, or reads nothing, makes room for the others. A
 * state machine without threads and clock: times are nanoseconds of a monotonic clock that the
 * caller looks at. Thread-safe.
 *
 * @param <C> a connection
 */
final class ConnectionTable<C> {

  /** Phases of a connection. */
  private enum Phase {
    /** Open, and no complete request header yet. */
    NEW,
    /** Between two requests. */
    IDLE,
    /** A request is being answered. */
    BUSY,
    /** A request is answered with events, without an end: whoever sends them sees to it. */
    EVENTS
  }

  private final int maxConnections;
  private final Map<Phase, Map<C, Long>> sinceNanos =
      Map.of(
          Phase.NEW, new LinkedHashMap<>(),
          Phase.IDLE, new LinkedHashMap<>(),
          Phase.BUSY, new LinkedHashMap<>(),
          Phase.EVENTS, new LinkedHashMap<>());
  private final Map<Phase, Long> limitNanos;
  private final Map<Phase, Long> yieldNanos;

  /**
   * @param maxConnections open at the same time
   * @param headerLimit from the opening to the end of the first request's header
   * @param idleLimit from an answer to the end of the next request's header
   * @param answerLimit from there to the end of the answer
   */
  ConnectionTable(
      int maxConnections, Duration headerLimit, Duration idleLimit, Duration answerLimit) {
    this.maxConnections = maxConnections;
    limitNanos =
        Map.of(
            Phase.NEW, headerLimit.toNanos(),
            Phase.IDLE, idleLimit.toNanos(),
            Phase.BUSY, answerLimit.toNanos(),
            Phase.EVENTS, Long.MAX_VALUE);
    yieldNanos =
        Map.of(
            Phase.NEW,
            headerLimit.dividedBy(10).toNanos(),
            Phase.IDLE,
            0L,
            Phase.BUSY,
            answerLimit.dividedBy(10).toNanos(),
            Phase.EVENTS,
            Long.MAX_VALUE);
  }

  /**
   * A connection was opened. The one to close for it: empty while there is room, the oldest that is
   * at nothing, or the new one itself when all others are at work.
   */
  synchronized Optional<C> opened(C connection, long nowNanos) {
    Optional<C> closed = Optional.empty();
    if (size() >= maxConnections) {
      closed = Optional.of(oldestThatYields(nowNanos).orElse(connection));
      forget(closed.get());
      if (closed.get().equals(connection)) {
        return closed;
      }
    }
    of(Phase.NEW).put(connection, nowNanos);
    return closed;
  }

  /** The header of a request is complete. */
  synchronized void requested(C connection, long nowNanos) {
    move(connection, Phase.BUSY, nowNanos);
  }

  /** The request is answered with events: that takes as long as it takes. */
  synchronized void sendsEvents(C connection, long nowNanos) {
    move(connection, Phase.EVENTS, nowNanos);
  }

  /** A request was answered. */
  synchronized void answered(C connection, long nowNanos) {
    move(connection, Phase.IDLE, nowNanos);
  }

  /** A connection is closed. */
  synchronized void forget(C connection) {
    sinceNanos.values().forEach(phase -> phase.remove(connection));
  }

  /** Those that took too long, to be closed; they are forgotten. */
  synchronized List<C> late(long nowNanos) {
    List<C> late = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      Iterator<Map.Entry<C, Long>> oldestFirst = of(phase).entrySet().iterator();
      while (oldestFirst.hasNext()) {
        Map.Entry<C, Long> entry = oldestFirst.next();
        if (nowNanos - entry.getValue() < limitNanos.getOrDefault(phase, 0L)) {
          break;
        }
        late.add(entry.getKey());
        oldestFirst.remove();
      }
    }
    return late;
  }

  synchronized int size() {
    return sinceNanos.values().stream().mapToInt(Map::size).sum();
  }

  private Optional<C> oldestThatYields(long nowNanos) {
    for (Phase phase : Phase.values()) {
      Optional<Map.Entry<C, Long>> oldest = of(phase).entrySet().stream().findFirst();
      if (oldest.isPresent()
          && nowNanos - oldest.get().getValue() >= yieldNanos.getOrDefault(phase, 0L)) {
        return Optional.of(oldest.get().getKey());
      }
    }
    return Optional.empty();
  }

  private void move(C connection, Phase to, long nowNanos) {
    boolean known = sinceNanos.values().stream().anyMatch(phase -> phase.containsKey(connection));
    if (known) {
      forget(connection);
      of(to).put(connection, nowNanos);
    }
  }

  private Map<C, Long> of(Phase phase) {
    return requireNonNull(sinceNanos.get(phase));
  }
}
