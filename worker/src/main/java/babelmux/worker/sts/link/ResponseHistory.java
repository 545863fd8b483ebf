package babelmux.worker.sts.link;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fragments that were sent on this connection and are settled, so that answers that come late,
 * twice or for nothing can be told apart. Bounded: the oldest are forgotten.
 */
final class ResponseHistory {

  /** A fragment that fell back before its answer came. */
  record Missed(long segmentIndex, WireSession session, long sentAt) {}

  private static final int MAX_ENTRIES = 64;

  private final Map<String, Missed> missed = bounded();
  private final Map<String, Boolean> answered = bounded();

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_ENTRIES;
      }
    };
  }

  void miss(SentFragment sent) {
    missed.put(
        sent.id(), new Missed(sent.submission().segmentIndex(), sent.session(), sent.sentAt()));
  }

  /** Takes the late answer's entry, or null if none was missed under this id. */
  @Nullable Missed takeMissed(String fragmentId) {
    return missed.remove(fragmentId);
  }

  /** Tells whether this is the first answer under this id. */
  boolean firstAnswer(String fragmentId) {
    return answered.put(fragmentId, true) == null;
  }

  void clear() {
    missed.clear();
    answered.clear();
  }
}
