package babelmux.worker.config;

import java.util.List;

/**
 * The result of {@link ConfigLoader}.
 *
 * @param config the settings
 * @param notes one line each, for the log: what was given and has no effect, or is most likely a
 *     slip
 * @param given one line for each setting that is not at its default, with where it comes from;
 *     redacted
 * @param secrets reads what stands in files of its own again
 */
public record LoadedConfig(
    WorkerConfig config, List<String> notes, List<String> given, SecretFiles secrets) {

  public LoadedConfig {
    notes = List.copyOf(notes);
    given = List.copyOf(given);
  }
}
