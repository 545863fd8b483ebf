package babelmux.app;

import babelmux.worker.config.LogConfig;
import picocli.CommandLine.Option;

/** The log of the commands that do one thing and end: warnings, where it is not asked for more. */
final class QuietLogOptions {

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "warn",
      description = "trace, debug, info, warn or error. Default: ${DEFAULT-VALUE}.")
  private String level = "warn";

  /**
   * Sets the log up.
   *
   * @throws babelmux.worker.config.ConfigException for a value that is none
   */
  void setUp() {
    Logging.setUp(LogConfig.of(level, "text"));
  }
}
