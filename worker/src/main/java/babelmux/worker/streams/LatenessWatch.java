package babelmux.worker.streams;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Tells whether a worker has too little CPU: whether in each of the last {@value #WINDOWS} windows
 * of 5 s more than 1 % of the packets of all streams left over 100 ms late, so that the p99 was
 * over it. One pause, or a stall of some seconds, is no such lack. Safe for all threads.
 */
final class LatenessWatch {
  /** Lateness of a packet that counts as late. */
  static final long LATE_NANOS = 100_000_000L;

  static final long WINDOW_NANOS = 5_000_000_000L;
  static final int WINDOWS = 6;
  private static final int PER_LATE_PACKET = 100;

  private final LongSupplier nanoClock;
  private final long originNanos;
  // Rings of the windows before the current one and of the current one.
  private final long[] packets = new long[WINDOWS + 1];
  private final long[] late = new long[WINDOWS + 1];
  private long window;

  /**
   * @param nanoClock a monotonic clock, such as {@link System#nanoTime}
   */
  LatenessWatch(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    originNanos = nanoClock.getAsLong();
  }

  /** A packet was released, so long after its time. */
  synchronized void released(long lateNanos) {
    int place = place(advance());
    packets[place]++;
    if (lateNanos > LATE_NANOS) {
      late[place]++;
    }
  }

  /** Returns whether the p99 was over the limit in each of the last complete windows. */
  synchronized boolean isLate() {
    long now = advance();
    for (long before = 1; before <= WINDOWS; before++) {
      int place = place(now - before + WINDOWS + 1);
      if (late[place] * PER_LATE_PACKET <= packets[place]) {
        return false;
      }
    }
    return true;
  }

  /** Empties the windows that have begun since the last call; returns the current one. */
  private long advance() {
    long now = (nanoClock.getAsLong() - originNanos) / WINDOW_NANOS;
    if (now - window > WINDOWS) {
      Arrays.fill(packets, 0);
      Arrays.fill(late, 0);
    } else {
      for (long begun = window + 1; begun <= now; begun++) {
        packets[place(begun)] = 0;
        late[place(begun)] = 0;
      }
    }
    window = now;
    return now;
  }

  private static int place(long window) {
    return (int) (window % (WINDOWS + 1));
  }
}
