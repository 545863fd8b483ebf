package babelmux.bench;

import babelmux.demo.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The memory of a worker, as the operating system sees it. Linux only. */
final class WorkerMemory {
  private static final long COLLECTION_SECONDS = 10;

  private final BenchSite site;

  WorkerMemory(BenchSite site) {
    this.site = site;
  }

  long residentBytes() throws IOException {
    return ProcessUsage.residentBytes(site.worker().pid()).orElse(0);
  }

  /**
   * Memory that is really in use, in bytes: resident memory after a collection, less the part of
   * the heap that is kept and holds nothing. Without a collection where the JDK has no jcmd.
   */
  double usedBytes() throws IOException, InterruptedException {
    collect();
    Scrape scrape = site.scrape();
    return residentBytes() - heap(scrape, "committed") + heap(scrape, "used");
  }

  /** Bytes of Java objects, as the worker says. */
  double objectBytes() throws InterruptedException {
    return heap(site.scrape(), "used");
  }

  /** Bytes of Java objects that are in use: after a collection. */
  double liveBytes() throws IOException, InterruptedException {
    collect();
    return objectBytes();
  }

  private static double heap(Scrape scrape, String what) {
    return scrape.sum("jvm_memory_" + what + "_bytes", Map.of("area", "heap"));
  }

  private void collect() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (Files.isExecutable(jcmd)) {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(site.worker().pid()), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
