package babelmux.worker.config;

import java.util.List;
import java.util.Map;

/**
 * Logging.
 *
 * @param level the least severe level that is written
 * @param format of an event, which is one line
 */
public record LogConfig(Level level, Format format) {

  /** Severities, the least severe first. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** The format of a log event. */
  public enum Format {
    TEXT,
    /** A JSON object with logback's own fields. */
    JSON,
    /** A JSON object with the fields of the Elastic Common Schema. */
    ECS
  }

  static final Setting<Level> LEVEL =
      Setting.of(
              "log.level",
              warningToo(Parsers.oneOf(Level.class)),
              "info",
              "Least severe level that is logged.")
          .env("LOG_LEVEL");

  static final Setting<Format> FORMAT =
      Setting.of(
              "log.format",
              Parsers.oneOf(Format.class),
              "text",
              "One line an event: text, a JSON object with logback's own fields, or one with those of the"
                  + " Elastic Common Schema.")
          .env("LOG_FORMAT");

  static final List<Setting<?>> SETTINGS = List.of(LEVEL, FORMAT);

  /**
   * The log of a program that has no other settings of ours.
   *
   * @throws ConfigException for a value that is none
   */
  public static LogConfig of(String level, String format) {
    Values values =
        new Values(
            Map.of(
                LEVEL.key(), new Given(level, Layer.FLAG, LEVEL.flag()),
                FORMAT.key(), new Given(format, Layer.FLAG, FORMAT.flag())));
    LogConfig config = from(values);
    if (!values.problems().isEmpty()) {
      throw new ConfigException(values.problems());
    }
    return config;
  }

  static LogConfig from(Values values) {
    return new LogConfig(values.get(LEVEL), values.get(FORMAT));
  }

  /** The services around us call it WARNING. */
  private static Parser<Level> warningToo(Parser<Level> levels) {
    return Parser.of(
        levels.expected(),
        text -> levels.read().apply(text.equalsIgnoreCase("warning") ? "warn" : text));
  }
}
