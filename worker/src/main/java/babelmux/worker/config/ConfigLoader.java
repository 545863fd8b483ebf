package babelmux.worker.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the settings together: flags before environment before file before defaults. */
public final class ConfigLoader {

  /** Names the file when no flag does. */
  public static final String FILE_VARIABLE = "BABELMUX_CONFIG";

  /** Ours, but read by the launcher. */
  private static final Set<String> OTHER_VARIABLES = Set.of(FILE_VARIABLE, "BABELMUX_JAVA_OPTS");

  private ConfigLoader() {}

  /**
   * Reads and checks all settings.
   *
   * @param flags values by key, as given on the command line
   * @param env the environment; an empty value counts as not set
   * @param file the file of settings; null takes the one that {@link #FILE_VARIABLE} names, or none
   * @throws ConfigException with every problem found
   */
  public static LoadedConfig load(
      Map<String, String> flags, Map<String, String> env, @Nullable Path file) {
    List<String> notes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Map<String, Given> given = new HashMap<>(fromFile(env, file, problems));
    given.putAll(fromEnvironment(env, notes));
    flags.forEach((key, text) -> given.put(key, new Given(text, Layer.FLAG, flagOf(key))));

    Map<String, SecretLine> lines = SecretFiles.read(given);
    Values values = new Values(given, lines);
    WorkerConfig config = WorkerConfig.from(values);
    problems.addAll(values.problems());
    if (config == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    noteLatency(InputConfig.URL_TEMPLATE, config.input().urlTemplate().template(), notes);
    noteLatency(OutputConfig.URL_TEMPLATE, config.output().urlTemplate().template(), notes);
    config
        .output()
        .destinations()
        .urls()
        .values()
        .forEach(url -> noteLatency(OutputConfig.DESTINATIONS, url.template(), notes));
    notes.addAll(SecretFiles.notesOf(given));
    List<String> shown =
        Catalog.all().stream()
            .filter(setting -> given.containsKey(setting.key()))
            .map(values::describe)
            .toList();
    return new LoadedConfig(config, notes, shown, new SecretFiles(given, lines, values, config));
  }

  private static Map<String, Given> fromFile(
      Map<String, String> env, @Nullable Path file, List<String> problems) {
    String named = env.getOrDefault(FILE_VARIABLE, "");
    if (file == null && named.isEmpty()) {
      return Map.of();
    }
    Map<String, Given> values = withMaps(ConfigFile.read(file == null ? Path.of(named) : file));
    List<String> known = Catalog.keys();
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(
                "%s: unknown key %s%s".formatted(value.where(), key, suggestion(key, known)));
          }
        });
    return values;
  }

  /** The entries of each mapping as the one text that the environment would have. */
  private static Map<String, Given> withMaps(Map<String, Given> values) {
    Map<String, Given> all = new LinkedHashMap<>(values);
    for (Setting<?> setting : Catalog.all()) {
      String prefix = setting.key() + ".";
      if (!setting.isMap()) {
        continue;
      }
      values.forEach(
          (key, value) -> {
            if (key.startsWith(prefix)) {
              all.remove(key);
              String entry = key.substring(prefix.length()) + "=" + value.text();
              all.merge(
                  setting.key(),
                  new Given(entry, value.layer(), value.where()),
                  (before, next) ->
                      new Given(before.text() + " " + next.text(), before.layer(), before.where()));
            }
          });
    }
    return all;
  }

  private static Map<String, Given> fromEnvironment(Map<String, String> env, List<String> notes) {
    Map<String, Given> found = new HashMap<>();
    for (Setting<?> setting : Catalog.all()) {
      for (EnvName name : setting.env()) {
        String text = env.getOrDefault(name.name(), "");
        if (text.isEmpty()) {
          continue;
        }
        Given value = new Given(name.translate().apply(text), Layer.ENVIRONMENT, name.name());
        Given earlier = found.putIfAbsent(setting.key(), value);
        if (earlier != null && !earlier.text().equals(value.text())) {
          notes.add(
              "%s has no effect: %s sets %s, too"
                  .formatted(name.name(), earlier.where(), setting.key()));
        } else if (earlier == null && name.doubt() != null) {
          notes.add(
              "%s sets %s = \"%s\", and %s: better set %s"
                  .formatted(
                      name.name(), setting.key(), text, name.doubt(), setting.envNames().get(0)));
        }
      }
    }
    Catalog.WITHOUT_EFFECT.forEach(
        (name, why) -> {
          if (!env.getOrDefault(name, "").isEmpty()) {
            notes.add("%s has no effect: %s".formatted(name, why));
          }
        });
    noteUnknown(env, notes);
    return found;
  }

  private static void noteLatency(Setting<?> setting, UrlTemplate url, List<String> notes) {
    SrtLatency.doubt(url.text()).ifPresent(doubt -> notes.add(setting.key() + ": " + doubt));
  }

  private static void noteUnknown(Map<String, String> env, List<String> notes) {
    List<String> known =
        Catalog.all().stream().flatMap(setting -> setting.envNames().stream()).toList();
    env.keySet().stream()
        .filter(name -> name.startsWith("BABELMUX_"))
        .filter(name -> !known.contains(name) && !OTHER_VARIABLES.contains(name))
        .sorted()
        .forEach(name -> notes.add("%s is no setting%s".formatted(name, suggestion(name, known))));
  }

  private static String suggestion(String name, List<String> known) {
    return Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String flagOf(String key) {
    return Catalog.all().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no setting " + key))
        .flag();
  }
}
