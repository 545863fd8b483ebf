package babelmux.app;

import babelmux.worker.config.LogConfig;
import picocli.CommandLine.Option;

/** The log of the commands that have no settings of their own. */
final class LogOptions {

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "${env:LOG_LEVEL:-info}",
      description = "trace, debug, info, warn or error. Default: info. [LOG_LEVEL]")
  private String level = "info";

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "${env:LOG_FORMAT:-text}",
      description = "text, json or ecs. Default: text. [LOG_FORMAT]")
  private String format = "text";

  /**
   * Sets the log up.
   *
   * @throws babelmux.worker.config.ConfigException for a value that is none
   */
  void setUp() {
    Logging.setUp(LogConfig.of(level, format));
  }
}
