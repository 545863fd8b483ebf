package babelmux.worker.streams;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last events of a stream, whatever level the log has, and the names of its last segments.
 * Bounded; thread-safe.
 */
final class StreamJournal {
  /** Five events a segment: so many are those of the last five minutes. */
  static final int MAX_EVENTS = 250;

  /** More than wait or are shown: a delay of twenty minutes. */
  private static final int MAX_NAMES = 200;

  private static final int MAX_DETAIL = 300;

  private final InstantSource clock;
  private final Consumer<StreamDebug.Event> added;
  private final Deque<StreamDebug.Event> events = new ArrayDeque<>();
  private final Map<Long, String> names = new LinkedHashMap<>();

  /**
   * @param added is told of each event, in their order; must not block
   */
  StreamJournal(InstantSource clock, Consumer<StreamDebug.Event> added) {
    this.clock = clock;
    this.added = added;
  }

  /** A segment was cut: it has this name from now on. */
  synchronized void named(long segment, String fragmentId) {
    names.put(segment, fragmentId);
    if (names.size() > MAX_NAMES) {
      names.remove(names.keySet().iterator().next());
    }
  }

  /** The name of a segment; null when it is not known, or not any more. */
  synchronized @Nullable String name(long segment) {
    return names.get(segment);
  }

  /**
   * Something happened to the stream.
   *
   * @param detail without a secret; null when there is nothing to say
   */
  void add(String event, @Nullable String detail) {
    add(event, null, null, detail);
  }

  /** Something happened to a segment. */
  void add(String event, long segment, @Nullable String detail) {
    add(event, segment, name(segment), detail);
  }

  private synchronized void add(
      String event, @Nullable Long segment, @Nullable String fragmentId, @Nullable String detail) {
    StreamDebug.Event last =
        new StreamDebug.Event(clock.instant(), event, segment, fragmentId, shortened(detail));
    events.addLast(last);
    if (events.size() > MAX_EVENTS) {
      events.removeFirst();
    }
    added.accept(last);
  }

  private static @Nullable String shortened(@Nullable String detail) {
    return detail == null || detail.length() <= MAX_DETAIL
        ? detail
        : detail.substring(0, MAX_DETAIL) + "...";
  }

  /** The last events, the oldest first. */
  synchronized List<StreamDebug.Event> events() {
    return List.copyOf(events);
  }
}
