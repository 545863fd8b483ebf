package babelmux.worker.streams;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the memory of this process, at most once a second however often it is asked: a burst of
 * hooks must not become one of reads. Safe for all threads.
 */
final class MemoryReader implements Supplier<Memory> {
  private static final Logger log = LoggerFactory.getLogger(MemoryReader.class);
  private static final long MAX_AGE_NANOS = 1_000_000_000L;

  private final Supplier<OptionalLong> limit;
  private final LongSupplier resident;
  private final LongSupplier nanoClock;
  private @Nullable Memory last;
  private long readNanos;

  /**
   * @param limit in bytes; empty when there is none
   * @param resident in bytes
   * @param nanoClock a monotonic clock, such as {@link System#nanoTime}
   */
  MemoryReader(Supplier<OptionalLong> limit, LongSupplier resident, LongSupplier nanoClock) {
    this.limit = limit;
    this.resident = resident;
    this.nanoClock = nanoClock;
  }

  @Override
  public synchronized Memory get() {
    long now = nanoClock.getAsLong();
    Memory known = last;
    if (known != null && now - readNanos < MAX_AGE_NANOS) {
      return known;
    }
    Memory read = new Memory(limit.get().orElse(Long.MAX_VALUE), resident.getAsLong());
    last = read;
    readNanos = now;
    return read;
  }

  /** Says in the log what limits the memory. Once, at the start. */
  void logLimit() {
    OptionalLong bytes = limit.get();
    if (bytes.isPresent()) {
      log.info("memory limit: {} MiB", bytes.getAsLong() >> 20);
    } else {
      log.info("memory limit: none is found, so memory does not limit the number of streams");
    }
  }
}
