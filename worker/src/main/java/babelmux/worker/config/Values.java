package babelmux.worker.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands the given texts out as values and collects every problem on the way, so that all are told.
 */
final class Values {

  private final Map<String, Given> given;
  private final Map<String, SecretLine> lines;
  private final Map<String, Object> parsed = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<String> bad = new HashSet<>();

  Values(Map<String, Given> given) {
    this(given, Map.of());
  }

  /**
   * @param lines what stands in the files that texts such as {@code @FILE} name, by key
   */
  Values(Map<String, Given> given, Map<String, SecretLine> lines) {
    this.given = given;
    this.lines = lines;
  }

  /**
   * The same values, but for settings whose files have other lines now. Nothing else is read again:
   * a file that a setting names may be away by now, and what was checked at the start is in use.
   */
  Values with(Map<String, SecretLine> otherLines, Set<String> changed) {
    Values values = new Values(given, otherLines);
    values.parsed.putAll(parsed);
    values.parsed.keySet().removeAll(changed);
    return values;
  }

  /** The value of a setting that has a default; after a problem, the default. */
  <T> T get(Setting<T> setting) {
    return find(setting).orElseGet(() -> defaultOf(setting));
  }

  /** The value, the default, or empty when there is neither. */
  <T> Optional<T> find(Setting<T> setting) {
    Given found = given.get(setting.key());
    if (found != null) {
      SecretLine line = lines.get(setting.key());
      try {
        return Optional.of(parsed(setting, line == null ? found.text() : text(line)));
      } catch (RuntimeException e) {
        // Only the text counts: the exception's own message may hold a secret.
        if (bad.add(setting.key())) {
          String why = line == null || line.problem().isEmpty() ? "" : line.problem() + ", ";
          problems.add("%s: %sexpected %s".formatted(describe(setting), why, setting.expected()));
        }
      }
    }
    return setting.defaultText() == null ? Optional.empty() : Optional.of(defaultOf(setting));
  }

  @SuppressWarnings("unchecked") // put in below, for the same setting
  private <T> T parsed(Setting<T> setting, String text) {
    Object known = parsed.get(setting.key());
    if (known != null) {
      return (T) known;
    }
    T value = setting.parser().read().apply(text);
    parsed.put(setting.key(), value);
    return value;
  }

  private static String text(SecretLine line) {
    if (line.text() == null) {
      throw new IllegalArgumentException(line.problem());
    }
    return line.text();
  }

  /** The layer that the value comes from. */
  Layer layer(Setting<?> setting) {
    Given found = given.get(setting.key());
    return found == null ? Layer.DEFAULT : found.layer();
  }

  /** {@code key = "value" (from where)}, redacted. */
  String describe(Setting<?> setting) {
    Given found = given.get(setting.key());
    String text = found == null ? setting.defaultText() : found.text();
    String where = found == null ? "the default" : found.where();
    return text == null
        ? setting.key() + " (unset)"
        : "%s = \"%s\" (from %s)".formatted(setting.key(), shown(setting, text), where);
  }

  /** Builds a value that checks itself; what it refuses becomes a problem. */
  <T> @Nullable T check(Supplier<T> build, Setting<?>... involved) {
    try {
      return build.get();
    } catch (IllegalArgumentException e) {
      boolean alreadyTold = false;
      List<String> inputs = new ArrayList<>();
      for (Setting<?> setting : involved) {
        alreadyTold |= bad.contains(setting.key());
        inputs.add(describe(setting));
      }
      if (!alreadyTold) {
        problems.add(String.join(" and ", inputs) + ": " + e.getMessage());
      }
      return null;
    }
  }

  List<String> problems() {
    return problems;
  }

  private static <T> String shown(Setting<T> setting, String text) {
    String shown = setting.parser().shown().apply(text);
    return shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
  }

  private static <T> T defaultOf(Setting<T> setting) {
    String text = setting.defaultText();
    if (text == null) {
      throw new IllegalStateException(setting.key() + " has no default");
    }
    return setting.parser().read().apply(text);
  }
}
