package babelmux.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Resources that this process holds now.
 *
 * @param descriptors open file descriptors; 0 where the system does not tell
 * @param heapBytes live objects, after a collection
 */
record OwnProcess(int threads, long descriptors, long heapBytes) {
  private static final int COLLECTIONS = 3;

  /** Collects garbage first. */
  static OwnProcess now() throws InterruptedException {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
      // What is freed by cleaners and finalizers goes a moment later.
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return new OwnProcess(threadCount(), openDescriptors(), memory.getHeapMemoryUsage().getUsed());
  }

  /** As {@link #now}, once idle threads have gone, or after {@code limitSeconds}. */
  static OwnProcess settled(int expectedThreads, int limitSeconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    while (threadCount() > expectedThreads && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return now();
  }

  static int threadCount() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  static long openDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
