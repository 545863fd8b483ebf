package babelmux.app.doctor;

import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.WorkerConfig;
import java.util.List;
import java.util.Map;

/**
 * The settings of a worker, as far as doctor looks at them.
 *
 * @param version of this program
 * @param notes what was given and is most likely a slip
 * @param given one line for each setting that is not at its default; redacted
 * @param environment of the process
 */
public record Setup(
    String version,
    WorkerConfig config,
    List<String> notes,
    List<String> given,
    Map<String, String> environment) {
  public Setup {
    notes = List.copyOf(notes);
    given = List.copyOf(given);
    environment = Map.copyOf(environment);
  }

  /** The settings that were loaded. */
  public static Setup of(String version, LoadedConfig loaded, Map<String, String> environment) {
    return new Setup(version, loaded.config(), loaded.notes(), loaded.given(), environment);
  }

  /** The same with secrets that were read again. */
  public Setup with(WorkerConfig changed) {
    return new Setup(version, changed, notes, given, environment);
  }

  boolean isGiven(String key) {
    return given.stream().anyMatch(line -> line.startsWith(key + " "));
  }
}
