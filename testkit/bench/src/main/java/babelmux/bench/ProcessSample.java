package babelmux.bench;

import babelmux.demo.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Resources that a worker's process held at one moment. Linux only.
 *
 * @param minute since the measurement began
 * @param residentBytes VmRSS
 * @param proportionalBytes Pss: pages that several processes share count in part
 * @param heapUsedBytes Java objects, dead ones included
 * @param heapCommittedBytes of the Java heap
 * @param nonHeapCommittedBytes metaspace and compiled code
 * @param nativeObjects open objects of the FFmpeg boundary
 * @param cpuSeconds of all threads since the process started
 * @param latePackets that left more than 100 ms late, of all streams, since they began
 * @param avErrorMs the largest A/V error of a stream at this moment, without its sign
 * @param fallbacks to original audio, of all streams, since they began
 */
record ProcessSample(
    double minute,
    long residentBytes,
    long proportionalBytes,
    double heapUsedBytes,
    double heapCommittedBytes,
    double nonHeapCommittedBytes,
    int threads,
    int descriptors,
    double nativeObjects,
    double cpuSeconds,
    double latePackets,
    double avErrorMs,
    double fallbacks) {

  /**
   * Takes one sample.
   *
   * @param scrape the worker's metrics of the same moment
   */
  static ProcessSample take(long pid, double minute, Scrape scrape) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    String status = Files.readString(proc.resolve("status"));
    int descriptors;
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      descriptors = (int) open.count();
    }
    return new ProcessSample(
        minute,
        field(status, "VmRSS:") * 1024,
        field(Files.readString(proc.resolve("smaps_rollup")), "Pss:") * 1024,
        scrape.sum("jvm_memory_used_bytes", Map.of("area", "heap")),
        scrape.sum("jvm_memory_committed_bytes", Map.of("area", "heap")),
        scrape.sum("jvm_memory_committed_bytes", Map.of("area", "nonheap")),
        (int) field(status, "Threads:"),
        descriptors,
        scrape.sum("worker_native_objects", Map.of()),
        ProcessUsage.cpu(pid).toNanos() / 1e9,
        late(scrape, Map.of()),
        scrape.maxAbs("worker_av_sync_delta_ms"),
        scrape.sum("worker_fallback_total", Map.of()));
  }

  /**
   * Packets that left more than 100 ms late.
   *
   * @param labels of the streams that count
   */
  static double late(Scrape scrape, Map<String, String> labels) {
    Map<String, String> inTime = new HashMap<>(labels);
    inTime.put("le", "0.1");
    return scrape.sum("worker_release_lateness_seconds_count", labels)
        - scrape.sum("worker_release_lateness_seconds_bucket", inTime);
  }

  /** The number behind a name at the beginning of a line, as /proc writes it; 0 when absent. */
  static long field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip().split(" ", 2)[0]))
        .findFirst()
        .orElse(0);
  }
}
