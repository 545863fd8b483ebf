package babelmux.hooks;

import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** One log line a second, however many events. Thread-safe. */
public final class LogThrottle {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private long nextNanos;
  private int unlogged;

  /**
   * @param nanoTime monotonic clock, in nanoseconds
   */
  public LogThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    nextNanos = nanoTime.getAsLong();
  }

  /**
   * The number of events before this one that were not logged, when this one may be; else empty.
   */
  public synchronized OptionalInt permit() {
    long now = nanoTime.getAsLong();
    if (now - nextNanos < 0) {
      unlogged++;
      return OptionalInt.empty();
    }
    int skipped = unlogged;
    unlogged = 0;
    nextNanos = now + INTERVAL_NANOS;
    return OptionalInt.of(skipped);
  }
}
