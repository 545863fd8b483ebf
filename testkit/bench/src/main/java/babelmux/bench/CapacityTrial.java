package babelmux.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One window of {@link CapacityBench}.
 *
 * @param streams that were asked for
 * @param live streams that were {@code LIVE} at its end
 * @param packets that left in it
 * @param late of those, over 100 ms late
 * @param fallbacks segments that fell back to original audio in it
 * @param drops packets that did not leave
 * @param reconnections of sources, outputs and links to the STS
 * @param trouble why it could not be measured; null when it could
 * @param use of the machine in it
 */
record CapacityTrial(
    int streams,
    int live,
    long packets,
    long late,
    long fallbacks,
    long drops,
    long reconnections,
    @Nullable String trouble,
    Use use) {

  /**
   * Resources that were used in a window. CPU is in cores: 1 is one core all the time.
   *
   * @param cores of the machine
   * @param busy share of all CPU time that programs used, 0 to 1
   * @param stolen share of all CPU time that the host of a virtual machine took, 0 to 1
   * @param waited share of the time in which a task waited for a CPU, 0 to 1; NaN if unknown
   * @param worker CPU of the worker
   * @param server CPU of MediaMTX; 0 when the origin is part of this process
   * @param load CPU of this process: publishers, STS, and the embedded origin
   * @param hottest name of the thread of the worker that used most CPU
   * @param hottestCpu its CPU
   * @param collecting share of the time in which the worker collected garbage, 0 to 1; NaN if
   *     unknown
   * @param heapUsed share of the largest Java heap that is in use, 0 to 1
   * @param heapBytes the largest Java heap that is allowed
   * @param workerBytes resident memory of the worker
   * @param serverBytes resident memory of MediaMTX
   * @param limitBytes memory that the worker may take, by its control groups and the machine; 0 if
   *     unknown
   * @param available share of the machine's memory that is left, 0 to 1
   * @param stsP95Millis upper bound of the bucket in which the 95th percentile of the STS's answers
   *     lies; NaN without answers
   * @param queueSeconds the longest queue in front of an output
   * @param bitsPerSecond that the worker read
   */
  record Use(
      int cores,
      double busy,
      double stolen,
      double waited,
      double worker,
      double server,
      double load,
      String hottest,
      double hottestCpu,
      double collecting,
      double heapUsed,
      double heapBytes,
      double workerBytes,
      double serverBytes,
      double limitBytes,
      double available,
      double stsP95Millis,
      double queueSeconds,
      double bitsPerSecond) {

    /** CPU of programs that are no part of the benchmark, cores. */
    double others() {
      return Math.max(0, busy * cores - worker - server - load);
    }
  }

  /** Every stream on air, and nothing late, lost, made again or fallen back. */
  boolean carried() {
    return faults().isEmpty();
  }

  /** What was wrong, in words; empty when nothing was. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (trouble != null) {
      faults.add(trouble);
      return faults;
    }
    if (live < streams) {
      faults.add("%d of %d streams on air".formatted(live, streams));
    }
    if (packets == 0) {
      faults.add("no packet left");
    }
    if (late > 0) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%d of %d packets over 100 ms late (%.2f %%)",
              late,
              packets,
              100.0 * late / packets));
    }
    count(
        faults,
        fallbacks,
        "segment fell back to original audio",
        "segments fell back to original audio");
    count(faults, drops, "packet dropped", "packets dropped");
    count(faults, reconnections, "reconnection", "reconnections");
    return faults;
  }

  private static void count(List<String> faults, long count, String one, String many) {
    if (count > 0) {
      faults.add(count + " " + (count == 1 ? one : many));
    }
  }
}
