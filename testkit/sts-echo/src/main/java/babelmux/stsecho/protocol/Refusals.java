package babelmux.stsecho.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts how often the drill has refused each number of a session; the oldest are forgotten. */
final class Refusals {
  private static final int KEPT = 100;

  private final Map<Integer, Integer> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
          return size() > KEPT;
        }
      };

  int of(int number) {
    return counts.getOrDefault(number, 0);
  }

  void add(int number) {
    counts.merge(number, 1, Integer::sum);
  }
}
