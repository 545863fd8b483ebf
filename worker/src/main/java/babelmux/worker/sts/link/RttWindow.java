package babelmux.worker.sts.link;

import java.util.Arrays;

/** The last 256 round trips. */
final class RttWindow {
  private final long[] nanos = new long[256];
  private long count;

  void add(long rttNanos) {
    nanos[(int) (count++ % nanos.length)] = rttNanos;
  }

  /** The last one in milliseconds, -1 before the first. */
  long lastMillis() {
    return count == 0 ? -1 : nanos[(int) ((count - 1) % nanos.length)] / 1_000_000;
  }

  /** The 99th percentile by nearest rank in milliseconds, -1 before the first. */
  long p99Millis() {
    int size = (int) Math.min(count, nanos.length);
    if (size == 0) {
      return -1;
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(size * 0.99) - 1] / 1_000_000;
  }
}
