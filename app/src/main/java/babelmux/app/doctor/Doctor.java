package babelmux.app.doctor;

import babelmux.worker.config.LoadedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Looks at everything that a worker with these settings needs. Blocks, a quarter of a minute at
 * most.
 */
public final class Doctor {

  private Doctor() {}

  /**
   * Looks.
   *
   * @param environment as the worker would have it
   */
  public static List<Finding> look(LoadedConfig loaded, Map<String, String> environment)
      throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(settings(loaded));
    findings.addAll(new Machine(environment).look(loaded.config().http()));
    findings.addAll(new DependencyChecks(loaded.config()).look());
    return findings;
  }

  private static Finding settings(LoadedConfig loaded) {
    String given =
        loaded.given().isEmpty() ? "all at their defaults" : String.join(", ", loaded.given());
    return loaded.notes().isEmpty()
        ? Finding.ok("settings", given)
        : Finding.warn("settings", given, String.join("; ", loaded.notes()));
  }
}
