package babelmux.worker.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the paths that are inputs.
 *
 * @param pathPattern matches the whole path of an input; its first group is the stream id
 */
public record InputConfig(Pattern pathPattern) {

  static final Setting<Pattern> PATH_PATTERN =
      Setting.of(
          "input.path-pattern",
          Parsers.patternWithGroup(),
          "^live/([A-Za-z0-9_-]+)/in$",
          "Regular expression of the paths whose streams are dubbed; its first group is the stream id,"
              + " which must consist of letters, digits, - and _.");

  static final List<Setting<?>> SETTINGS = List.of(PATH_PATTERN);

  static InputConfig from(Values values) {
    return new InputConfig(values.get(PATH_PATTERN));
  }

  /** Patterns have no equality of their own. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InputConfig config
        && pathPattern.pattern().equals(config.pathPattern.pattern());
  }

  @Override
  public int hashCode() {
    return pathPattern.pattern().hashCode();
  }
}
