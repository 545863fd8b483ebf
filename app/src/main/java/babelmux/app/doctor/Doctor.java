package babelmux.app.doctor;

import babelmux.worker.config.LoadedConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Looks at everything that a worker with these settings needs. Blocks, a quarter of a minute at
 * most.
 */
public final class Doctor {

  private Doctor() {}

  /**
   * Looks.
   *
   * @param version of this program
   * @param environment as the worker would have it
   */
  public static Report look(String version, LoadedConfig loaded, Map<String, String> environment)
      throws InterruptedException {
    Instant begin = Instant.now();
    long beginNanos = System.nanoTime();
    List<Finding> findings = new ArrayList<>();
    findings.add(settings(loaded));
    findings.addAll(new Machine(environment).look(loaded.config().http()));
    findings.addAll(new DependencyChecks(loaded.config()).look());
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    return Report.of(begin, version, tookMs, findings);
  }

  private static Finding settings(LoadedConfig loaded) {
    String given =
        loaded.given().isEmpty() ? "all at their defaults" : String.join(", ", loaded.given());
    return loaded.notes().isEmpty()
        ? Finding.ok("settings", given)
        : Finding.of(Code.SETTINGS, given, String.join("; ", loaded.notes()));
  }
}
