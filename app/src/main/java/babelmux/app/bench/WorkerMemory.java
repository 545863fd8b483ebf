package babelmux.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The memory of a Java process, as the operating system sees it. Linux only. */
final class WorkerMemory {
  private static final long COLLECTION_SECONDS = 10;

  private final long pid;

  WorkerMemory(long pid) {
    this.pid = pid;
  }

  long residentBytes() throws IOException {
    return ProcessUsage.residentBytes(pid).orElse(0);
  }

  /**
   * Resident memory after a collection has given back what is garbage; what it is now where the JDK
   * has no jcmd.
   */
  long settledBytes() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (Files.isExecutable(jcmd)) {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    return residentBytes();
  }
}
