package babelmux.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Counters of the whole machine at one moment, from {@code /proc}. Linux only.
 *
 * @param nanos {@link System#nanoTime} of the moment
 * @param cores of the machine, whatever this process may use of it
 * @param busyTicks CPU time of all programs, in clock ticks of 10 ms
 * @param idleTicks CPU time that nobody used, waiting for disks included
 * @param stealTicks CPU time that the host of a virtual machine took
 * @param pressureMicros time in which a task waited for a CPU; negative where the kernel does not
 *     tell
 * @param availableBytes memory that programs may still take
 * @param totalBytes memory of the machine
 */
record HostSample(
    long nanos,
    int cores,
    long busyTicks,
    long idleTicks,
    long stealTicks,
    long pressureMicros,
    long availableBytes,
    long totalBytes) {
  private static final Path PRESSURE = Path.of("/proc/pressure/cpu");

  static HostSample take() throws IOException {
    return parse(
        System.nanoTime(),
        Files.readString(Path.of("/proc/stat")),
        Files.isReadable(PRESSURE) ? Files.readString(PRESSURE) : "",
        Files.readString(Path.of("/proc/meminfo")));
  }

  /** Reads the texts of {@code /proc/stat}, {@code /proc/pressure/cpu} and {@code meminfo}. */
  static HostSample parse(long nanos, String stat, String pressure, String memory) {
    String[] words = stat.lines().findFirst().orElse("").trim().split(" +");
    if (words.length < 9 || !words[0].equals("cpu")) {
      throw new IllegalArgumentException("/proc/stat: expected a line 'cpu' of 8 numbers or more");
    }
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user and nice.
    long[] ticks = new long[8];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = Long.parseLong(words[i + 1]);
    }
    return new HostSample(
        nanos,
        (int) stat.lines().filter(line -> line.matches("cpu\\d+ .*")).count(),
        ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6],
        ticks[3] + ticks[4],
        ticks[7],
        pressureMicros(pressure).orElse(-1),
        ProcessSample.field(memory, "MemAvailable:") * 1024,
        ProcessSample.field(memory, "MemTotal:") * 1024);
  }

  private static OptionalLong pressureMicros(String pressure) {
    return pressure
        .lines()
        .filter(line -> line.startsWith("some ") && line.contains("total="))
        .mapToLong(line -> Long.parseLong(line.replaceFirst(".*total=", "").trim()))
        .findFirst();
  }

  /** Share of the CPU time since an earlier sample that programs used, 0 to 1. */
  double busySince(HostSample before) {
    return share(busyTicks - before.busyTicks, before);
  }

  /** Share of the CPU time since an earlier sample that the host took away, 0 to 1. */
  double stolenSince(HostSample before) {
    return share(stealTicks - before.stealTicks, before);
  }

  private double share(long ticks, HostSample before) {
    long all =
        busyTicks
            - before.busyTicks
            + idleTicks
            - before.idleTicks
            + stealTicks
            - before.stealTicks;
    return all <= 0 ? 0 : (double) ticks / all;
  }

  /** Share of the time since an earlier sample in which a task waited for a CPU; NaN if unknown. */
  double waitedSince(HostSample before) {
    return pressureMicros < 0 || nanos <= before.nanos
        ? Double.NaN
        : (pressureMicros - before.pressureMicros) * 1e3 / (nanos - before.nanos);
  }
}
