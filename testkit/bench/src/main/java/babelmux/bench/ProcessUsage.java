package babelmux.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** Resources that a process has used so far, as the operating system counts them. */
final class ProcessUsage {

  private ProcessUsage() {}

  /**
   * CPU time of all its threads, to 10 ms.
   *
   * @throws IOException when it is gone
   */
  static Duration cpu(long pid) throws IOException {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IOException("process " + pid + " exited unexpectedly"));
  }

  /** Resident memory in bytes; empty where there is no /proc. */
  static OptionalLong residentBytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    return Files.readString(status)
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst();
  }
}
