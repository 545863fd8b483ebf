package babelmux.worker.api;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The share of all processors that this process takes, from one reading to the next. Not
 * thread-safe.
 */
final class ProcessCpu {

  private static final long MIN_NANOS = 500_000_000L;

  /** Nobody has asked for so long: the mean since then says nothing of now. */
  private static final long MAX_NANOS = 10_000_000_000L;

  private final LongSupplier cpuNanos;
  private final LongSupplier nanoTime;
  private final int processors;
  private long lastCpuNanos = -1;
  private long lastNanos;
  private @Nullable Double last;

  /**
   * @param cpuNanos CPU time of the process; negative when it is not known
   * @param nanoTime monotonic clock, nanoseconds
   * @param processors at least 1
   */
  ProcessCpu(LongSupplier cpuNanos, LongSupplier nanoTime, int processors) {
    this.cpuNanos = cpuNanos;
    this.nanoTime = nanoTime;
    this.processors = processors;
  }

  /** From 0 to 1; null while it is not known. */
  @Nullable Double read() {
    long now = nanoTime.getAsLong();
    long nanos = now - lastNanos;
    boolean measured = lastCpuNanos >= 0 && nanos < MAX_NANOS;
    if (measured && nanos < MIN_NANOS) {
      return last;
    }
    long cpu = cpuNanos.getAsLong();
    last = measured && cpu >= 0 ? share(cpu - lastCpuNanos, nanos) : null;
    lastCpuNanos = cpu;
    lastNanos = now;
    return last;
  }

  private double share(long usedNanos, long nanos) {
    double share = (double) usedNanos / nanos / processors;
    return Math.round(Math.max(0, Math.min(1, share)) * 1000) / 1000.0;
  }
}
