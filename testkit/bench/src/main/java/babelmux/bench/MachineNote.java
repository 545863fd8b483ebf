package babelmux.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Machine and time of a measurement: without them a number means nothing.
 *
 * @param load the load average of the last minute when the benchmark began; negative if unknown
 */
record MachineNote(String date, String system, int cores, String java, double load) {

  static MachineNote now() {
    return new MachineNote(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%s, %s, %d cores, Java %s, load average %.2f before",
        date,
        system,
        cores,
        java,
        load);
  }
}
