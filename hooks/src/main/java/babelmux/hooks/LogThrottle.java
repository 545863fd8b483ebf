package babelmux.hooks;

import java.util.Optional;
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
   * The end of the line about this event, which tells how many before it were not logged; empty
   * when this one is not to be logged either.
   */
  public synchronized Optional<String> permit() {
    long now = nanoTime.getAsLong();
    if (now - nextNanos < 0) {
      unlogged++;
      return Optional.empty();
    }
    int skipped = unlogged;
    unlogged = 0;
    nextNanos = now + INTERVAL_NANOS;
    return Optional.of(skipped == 0 ? "" : " (and %d more before it)".formatted(skipped));
  }
}
