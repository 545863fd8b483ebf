package babelmux.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes samples as CSV while they come, so that a run that breaks off leaves its curve. */
final class SampleFile implements AutoCloseable {
  private final @Nullable PrintWriter out;

  private SampleFile(@Nullable PrintWriter out) {
    this.out = out;
  }

  /**
   * @param path null for no file
   */
  static SampleFile open(@Nullable Path path) throws IOException {
    if (path == null) {
      return new SampleFile(null);
    }
    PrintWriter out = new PrintWriter(Files.newBufferedWriter(path));
    out.println(
        "minute,resident,pss,heap_used,heap_committed,nonheap_committed,threads,descriptors,"
            + "native_objects,cpu_seconds,late_packets,av_error_ms,fallbacks");
    return new SampleFile(out);
  }

  void add(ProcessSample sample) {
    if (out != null) {
      out.printf(
          Locale.ROOT,
          "%.3f,%d,%d,%.0f,%.0f,%.0f,%d,%d,%.0f,%.2f,%.0f,%.2f,%.0f%n",
          sample.minute(),
          sample.residentBytes(),
          sample.proportionalBytes(),
          sample.heapUsedBytes(),
          sample.heapCommittedBytes(),
          sample.nonHeapCommittedBytes(),
          sample.threads(),
          sample.descriptors(),
          sample.nativeObjects(),
          sample.cpuSeconds(),
          sample.latePackets(),
          sample.avErrorMs(),
          sample.fallbacks());
      out.flush();
    }
  }

  @Override
  public void close() {
    if (out != null) {
      out.close();
    }
  }
}
