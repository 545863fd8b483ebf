package babelmux.worker.timeline;

import java.util.Arrays;

/**
 * Latenesses of the packets of one window, nanoseconds. Holds at most {@value #MAX_COUNT}: a window
 * with more packets keeps every second one, then every fourth, and so on. One thread.
 */
final class LatenessSample {
  private static final int MAX_COUNT = 4096;

  private final long[] kept = new long[MAX_COUNT];
  private int count;
  private int stride = 1;
  private int skipped;
  private long leastNanos = Long.MAX_VALUE;

  void add(long latenessNanos) {
    leastNanos = Math.min(leastNanos, latenessNanos);
    if (++skipped < stride) {
      return;
    }
    skipped = 0;
    if (count == MAX_COUNT) {
      for (int i = 0; i < MAX_COUNT / 2; i++) {
        kept[i] = kept[2 * i + 1];
      }
      count = MAX_COUNT / 2;
      stride *= 2;
    }
    kept[count++] = latenessNanos;
  }

  /** Number of latenesses that are kept. */
  int count() {
    return count;
  }

  /** The least lateness of all; {@link Long#MAX_VALUE} if there is none. */
  long leastNanos() {
    return leastNanos;
  }

  /**
   * The median: one packet alone, with a timestamp that is wrong, says nothing.
   *
   * @throws IllegalStateException if there is none
   */
  long medianNanos() {
    if (count == 0) {
      throw new IllegalStateException("no packet in this window");
    }
    long[] sorted = Arrays.copyOf(kept, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  /** Begins the next window. */
  void clear() {
    count = 0;
    stride = 1;
    skipped = 0;
    leastNanos = Long.MAX_VALUE;
  }
}
