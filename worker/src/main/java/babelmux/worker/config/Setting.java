package babelmux.worker.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting, declared once: its key in the file, its flag, its names in the environment (the
 * first one that is set counts), how it is read, its default and what it is for.
 *
 * @param key dotted, as in the file: {@code source.grace}
 * @param flag as on the command line: {@code --source-grace}
 * @param env names in the environment, the derived {@code BABELMUX_...} first
 * @param parser text to value
 * @param defaultText the default as one would write it; null when unset is the default
 * @param unset what unset means, for the documentation; null if there is a default
 * @param help one or two sentences
 * @param isMap whether it is {@code NAME=VALUE}, separated by blanks: in the file, it may be a
 *     mapping, and its flag may stand there more than once
 */
public record Setting<T>(
    String key,
    String flag,
    List<EnvName> env,
    Parser<T> parser,
    @Nullable String defaultText,
    @Nullable String unset,
    String help,
    boolean isMap) {

  /** A setting with a default. */
  static <T> Setting<T> of(String key, Parser<T> parser, String defaultText, String help) {
    return new Setting<>(
        key, derivedFlag(key), List.of(derivedEnv(key)), parser, defaultText, null, help, false);
  }

  /** A setting that may stay unset. */
  static <T> Setting<T> optional(String key, Parser<T> parser, String unset, String help) {
    return new Setting<>(
        key, derivedFlag(key), List.of(derivedEnv(key)), parser, null, unset, help, false);
  }

  /** With a flag of its own instead of the derived one. */
  Setting<T> flag(String flag) {
    return new Setting<>(key, flag, env, parser, defaultText, unset, help, isMap);
  }

  /** As names and values. */
  Setting<T> map() {
    return new Setting<>(key, flag, env, parser, defaultText, unset, help, true);
  }

  /** With further names in the environment, plain ones. */
  Setting<T> env(String... names) {
    Setting<T> setting = this;
    for (String name : names) {
      setting = setting.env(EnvName.plain(name));
    }
    return setting;
  }

  Setting<T> env(EnvName name) {
    List<EnvName> names = new ArrayList<>(env);
    names.add(name);
    return new Setting<>(key, flag, List.copyOf(names), parser, defaultText, unset, help, isMap);
  }

  /** The form of a good value. */
  public String expected() {
    return parser.expected();
  }

  /** The names in the environment, in the order in which they are looked at. */
  public List<String> envNames() {
    return env.stream().map(EnvName::name).toList();
  }

  private static String derivedFlag(String key) {
    return "--" + key.replace('.', '-');
  }

  private static EnvName derivedEnv(String key) {
    return EnvName.plain(
        "BABELMUX_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
