package babelmux.worker.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** The memory that streams need, as admission counts it. */
public final class MemoryNeed {
  private MemoryNeed() {}

  /**
   * How much memory this process may have, by its control groups and the machine; empty when
   * nothing limits it. Reads some small files of the kernel's.
   */
  public static OptionalLong limitBytes() {
    return new MemoryLimit(Path.of("/")).bytes();
  }

  /**
   * How many streams fit.
   *
   * @param limitBytes how much the process may have
   * @param usedBytes how much of it is used without them
   * @param bitrateBps bits a second of each one
   */
  public static long streams(long limitBytes, long usedBytes, long bitrateBps, Duration delay) {
    long freeBytes = limitBytes - usedBytes - Capacity.reserveBytes(limitBytes);
    return Math.max(0, freeBytes / Capacity.streamBytes(bitrateBps, delay));
  }
}
