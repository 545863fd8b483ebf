package babelmux.worker.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Files that hold secret settings ({@code @FILE}), to be read again while the worker runs. A file
 * that cannot be read, or holds no good value, leaves the last good one. Thread-safe; blocks for as
 * long as the files take.
 */
public final class SecretFiles {

  private final Map<String, SecretText> files;
  private final Map<String, List<Path>> secret;
  private Map<String, SecretLine> lines;
  private Values values;
  private WorkerConfig config;

  /**
   * @param lines as last read, by key
   * @param values made of them
   * @param config made of these
   */
  SecretFiles(
      Map<String, Given> given, Map<String, SecretLine> lines, Values values, WorkerConfig config) {
    this.files = files(given);
    this.secret = secret(given);
    this.lines = Map.copyOf(lines);
    this.values = values;
    this.config = config;
  }

  /**
   * Files read again.
   *
   * @param config all settings, with the new values
   * @param changed keys whose value is another one now
   * @param unchanged keys whose value is the same
   * @param kept key and reason of those that keep the old value
   * @param notes one line for each file that all users of the machine can read
   */
  public record Reread(
      WorkerConfig config,
      List<String> changed,
      List<String> unchanged,
      List<String> kept,
      List<String> notes) {}

  /** Reads all files again. Settings that stand in no file stay as they were at the start. */
  public synchronized Reread readAgain() {
    Map<String, SecretLine> next = new HashMap<>(lines);
    List<String> changed = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (Setting<?> setting : Catalog.all()) {
      SecretText file = files.get(setting.key());
      if (file == null) {
        continue;
      }
      SecretLine line = file.read();
      if (line.text() == null) {
        kept.add("%s (%s)".formatted(setting.key(), line.problem()));
      } else if (Objects.equals(line, lines.get(setting.key()))) {
        unchanged.add(setting.key());
      } else {
        changed.add(setting.key());
        next.put(setting.key(), line);
      }
    }
    Values made = values.with(next, Set.copyOf(changed));
    WorkerConfig read = WorkerConfig.from(made);
    List<String> notes = notes(secret);
    if (read == null || !made.problems().isEmpty()) {
      changed.forEach(key -> kept.add(key + " (does not fit the other settings)"));
      return new Reread(config, List.of(), unchanged, kept, notes);
    }
    lines = Map.copyOf(next);
    values = made;
    config = read;
    return new Reread(config, changed, unchanged, kept, notes);
  }

  /** What the files of all given settings hold, by key. */
  static Map<String, SecretLine> read(Map<String, Given> given) {
    Map<String, SecretLine> lines = new HashMap<>();
    files(given).forEach((key, file) -> lines.put(key, file.read()));
    return lines;
  }

  /** One line for each file with a secret that all users of the machine can read. */
  static List<String> notesOf(Map<String, Given> given) {
    return notes(secret(given));
  }

  private static List<String> notes(Map<String, List<Path>> files) {
    return files.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .filter(SmallFile::isOpenToAll)
                    .map(
                        file ->
                            "%s: every user of this machine can read the file %s: take that right away (chmod o-r)"
                                .formatted(entry.getKey(), file)))
        .sorted()
        .toList();
  }

  private static Map<String, SecretText> files(Map<String, Given> given) {
    Map<String, SecretText> files = new HashMap<>();
    for (Setting<?> setting : Catalog.all()) {
      Given found = given.get(setting.key());
      if (found != null) {
        SecretText.of(setting, found.text()).ifPresent(text -> files.put(setting.key(), text));
      }
    }
    return files;
  }

  /** Those, and the key of the port's certificate. */
  private static Map<String, List<Path>> secret(Map<String, Given> given) {
    Map<String, List<Path>> secret = new HashMap<>();
    files(given).forEach((key, text) -> secret.put(key, text.files()));
    Given key = given.get(HttpConfig.TLS_KEY.key());
    if (key != null) {
      secret.put(HttpConfig.TLS_KEY.key(), List.of(SecretText.path(key.text())));
    }
    return secret;
  }
}
