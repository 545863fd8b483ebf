package babelmux.worker.streams;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this worker by stream id: the newest one of each, and the one before it whose
 * last packets leave. Not thread-safe.
 */
final class StreamTable {
  private final Map<String, StreamHandle> running = new LinkedHashMap<>();
  // Sessions whose last packets leave while the next one of the same id reads already.
  private final Map<String, StreamHandle> leaving = new HashMap<>();
  // Of those that run or leave: ended in favour of others, and no longer counted.
  private final Set<StreamHandle> evicted = new HashSet<>();

  /** The id's newest session; null when there is none. */
  @Nullable StreamHandle newest(String id) {
    return running.get(id);
  }

  /** The id's session before the newest one; null when there is none. */
  @Nullable StreamHandle leaving(String id) {
    return leaving.get(id);
  }

  /** The newest sessions, the oldest of them first. Cannot be changed. */
  Collection<StreamHandle> newest() {
    return Collections.unmodifiableCollection(running.values());
  }

  /** All sessions, the newest ones first. A copy. */
  List<StreamHandle> all() {
    List<StreamHandle> all = new ArrayList<>(running.values());
    all.addAll(leaving.values());
    return all;
  }

  /** Ids of the newest sessions. A copy. */
  Set<String> ids() {
    return Set.copyOf(running.keySet());
  }

  /** A session is its id's newest one from now on, behind all others: the order is their age. */
  void add(String id, StreamHandle stream) {
    running.remove(id);
    running.put(id, stream);
  }

  /** A session goes on beside the id's next one. */
  void leave(String id, StreamHandle old) {
    leaving.put(id, old);
  }

  /** A session is over; returns whether it was its id's newest one. */
  boolean removeNewest(String id, StreamHandle stream) {
    return running.remove(id, stream);
  }

  /** A session is over; returns whether it was the one before its id's newest one. */
  boolean removeLeaving(String id, StreamHandle stream) {
    return leaving.remove(id, stream);
  }

  /** A session ends in favour of another one. */
  void evict(StreamHandle stream) {
    evicted.add(stream);
  }

  boolean isEvicted(StreamHandle stream) {
    return evicted.contains(stream);
  }

  /** One that was evicted is over. */
  void forgetEvicted(@Nullable StreamHandle stream) {
    evicted.remove(stream);
  }

  /** The number of evicted sessions that are not over yet. */
  int evicted() {
    return evicted.size();
  }

  /** The number of sessions, without those that were evicted and are ending. */
  int size() {
    return running.size() + leaving.size() - evicted.size();
  }
}
