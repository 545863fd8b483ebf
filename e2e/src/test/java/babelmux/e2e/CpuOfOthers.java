package babelmux.e2e;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processor time that other processes took, and that the host took from this machine ("steal"
 * in proc(5)). A test that judges by the clock allows for it: it is no fault of the worker, which
 * runs in the process of the tests. Any thread.
 */
final class CpuOfOthers {
  private static final Path STAT = Path.of("/proc/stat");

  /** Linux counts in units of 1/100 s there (USER_HZ). */
  private static final long US_PER_TICK = 10_000;

  /** Columns of the line "cpu": its name, user, nice, system, idle, iowait, irq, softirq, steal. */
  private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

  private final long startUs = totalUs();

  private CpuOfOthers() {}

  /** Starts to count. */
  static CpuOfOthers start() {
    return new CpuOfOthers();
  }

  /**
   * Taken since the start, in microseconds: the mean of all processors. 0 where the system does not
   * tell.
   */
  long sinceStartUs() {
    return Math.max(0, totalUs() - startUs) / Runtime.getRuntime().availableProcessors();
  }

  private static long totalUs() {
    if (!Files.isReadable(STAT)) {
      return 0;
    }
    try {
      return busyUs(Files.readAllLines(STAT).get(0)) - ownUs();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long busyUs(String cpu) {
    String[] columns = cpu.split(" +", -1);
    long ticks = 0;
    for (int column : BUSY) {
      ticks += Long.parseLong(columns[column]);
    }
    return ticks * US_PER_TICK;
  }

  private static long ownUs() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1000;
  }
}
