package babelmux.hooks;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * A map that forgets: entries older than an age, and the oldest beyond a count. Not thread-safe.
 */
final class RecentMap<K, V> {

  private record Entry<V>(V value, long sinceNanos) {}

  /** From the oldest to the newest. */
  private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>();

  private final long maxAgeNanos;
  private final int maxSize;

  RecentMap(long maxAgeNanos, int maxSize) {
    if (maxAgeNanos <= 0 || maxSize <= 0) {
      throw new IllegalArgumentException(
          "age %d ns, size %d: expected more than 0".formatted(maxAgeNanos, maxSize));
    }
    this.maxAgeNanos = maxAgeNanos;
    this.maxSize = maxSize;
  }

  /** Adds or replaces an entry, which is the newest then. */
  void put(K key, V value, long nowNanos) {
    entries.remove(key);
    entries.put(key, new Entry<>(value, nowNanos));
    expire(nowNanos);
    if (entries.size() > maxSize) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  Optional<V> get(K key, long nowNanos) {
    expire(nowNanos);
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  /** All values, from the oldest to the newest. */
  List<V> values(long nowNanos) {
    expire(nowNanos);
    return entries.values().stream().map(Entry::value).toList();
  }

  /** The time at which a key that is in the map was put there. */
  long sinceNanos(K key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      throw new IllegalArgumentException("not in the map: " + key);
    }
    return entry.sinceNanos();
  }

  void remove(K key) {
    entries.remove(key);
  }

  int size() {
    return entries.size();
  }

  private void expire(long nowNanos) {
    Iterator<Entry<V>> oldest = entries.values().iterator();
    while (oldest.hasNext() && nowNanos - oldest.next().sinceNanos() > maxAgeNanos) {
      oldest.remove();
    }
  }
}
