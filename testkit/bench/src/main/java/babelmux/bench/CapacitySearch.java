package babelmux.bench;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Search for the largest number of streams that is carried: doubling until a number fails, then
 * bisection. A number that fails is tried once more before it counts. Knows nothing of processes.
 * One thread.
 */
final class CapacitySearch {
  private static final int TRIES = 2;

  /** A bound to a twentieth is enough: two runs on one machine differ by more. */
  private static final int PRECISION = 20;

  private final int first;
  private final int max;
  private final Map<Integer, Integer> failures = new TreeMap<>();
  private int good;
  private int bad;

  /**
   * @param first the number to begin with, 1 to {@code max}
   * @param max the largest number to try
   */
  CapacitySearch(int first, int max) {
    if (first < 1 || first > max) {
      throw new IllegalArgumentException("expected 1 <= first <= max");
    }
    this.first = first;
    this.max = max;
    this.bad = Integer.MAX_VALUE;
  }

  /** Number of streams to try next; empty when the search is over. */
  OptionalInt next() {
    OptionalInt open =
        failures.entrySet().stream()
            .filter(each -> each.getValue() < TRIES && each.getKey() > good)
            .mapToInt(Map.Entry::getKey)
            .findFirst();
    if (open.isPresent()) {
      return open;
    }
    if (bad == Integer.MAX_VALUE) {
      return good == max
          ? OptionalInt.empty()
          : OptionalInt.of(good == 0 ? first : (int) Math.min(max, 2L * good));
    }
    return bad - good <= Math.max(1, good / PRECISION)
        ? OptionalInt.empty()
        : OptionalInt.of(good + (bad - good) / 2);
  }

  /** Takes the result of a trial. */
  void record(int streams, boolean carried) {
    if (carried) {
      good = Math.max(good, streams);
      failures.remove(streams);
    } else if (failures.merge(streams, 1, Integer::sum) >= TRIES) {
      bad = Math.min(bad, streams);
      good = Math.min(good, streams - 1);
    }
  }

  /** The largest number that was carried; 0 while there is none. */
  int largestCarried() {
    return good;
  }

  /** The smallest number that failed twice; empty when none has. */
  OptionalInt smallestFailed() {
    return bad == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(bad);
  }
}
