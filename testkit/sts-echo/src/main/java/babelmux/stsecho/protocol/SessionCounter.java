package babelmux.stsecho.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts per stream id, of the ten thousand streams seen last. Thread-safe. */
final class SessionCounter {
  private static final int KEPT = 10_000;

  private final Map<String, Integer> counts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > KEPT;
        }
      };

  /** 0 for the first time, 1 for the second... */
  synchronized int next(String stream) {
    return counts.merge(stream, 1, Integer::sum) - 1;
  }
}
