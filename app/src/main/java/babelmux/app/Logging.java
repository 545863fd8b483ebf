package babelmux.app;

import babelmux.worker.config.LogConfig;
import java.util.Locale;

/**
 * Hands the settings of the log over to logback, which reads them when the first logger is made.
 */
final class Logging {

  private Logging() {}

  static void setUp(LogConfig config) {
    System.setProperty("babelmux.log.level", config.level().name());
    System.setProperty("babelmux.log.format", config.format().name().toLowerCase(Locale.ROOT));
    System.setProperty("babelmux.version", Version.text());
    // Without this, Vert.x and Netty would choose a framework by looking around.
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
  }
}
