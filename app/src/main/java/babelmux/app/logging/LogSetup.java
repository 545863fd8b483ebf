package babelmux.app.logging;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import org.slf4j.Logger;

/**
 * The program's log, on stderr: stdout is for results. Called by logback when the first logger is
 * made; reads the system properties {@code babelmux.log.level}, {@code babelmux.log.format} and
 * {@code babelmux.version}. In code, because reading the same from XML takes 0.1 s of each start. A
 * file that {@code logback.configurationFile} names, or a {@code logback-test.xml}, goes before.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** One event is one line, whatever the message or a stack trace holds. */
  private static final String TEXT =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} [%thread]"
          + "%replace( stream=%X{stream}){' stream=$',''}"
          + "%replace( segment=%X{segment}){' segment=$',''}"
          + " %replace(%msg){'[\\r\\n]+',' | '}"
          + "%replace(%replace(%replace(%ex){'[\\r\\n]+\\s*',' | '}){' \\| $',''}){'^(?=.)',' | '}"
          + "%nopex%n";

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null
        || LogSetup.class.getResource("/" + ClassicConstants.TEST_AUTOCONFIG_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    setUp(loggers);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Sets it up, whatever files there are. */
  public static void setUp(LoggerContext loggers) {
    // Logback's notes about itself are nothing for the log.
    loggers.getStatusManager().add(new NopStatusListener());
    level(loggers, "io.netty", Level.WARN);
    level(loggers, "io.vertx", Level.WARN);
    level(loggers, "com.corundumstudio", Level.WARN);
    // It logs whole messages that it cannot read: sound, transcripts.
    level(loggers, "com.corundumstudio.socketio.handler.InPacketHandler", Level.OFF);
    level(loggers, "babelmux", Level.toLevel(System.getProperty("babelmux.log.level"), Level.INFO));
    level(loggers, Logger.ROOT_LOGGER_NAME, Level.WARN);
    ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(console(loggers));
    root.addAppender(recent(loggers));
  }

  private static void level(LoggerContext loggers, String name, Level level) {
    loggers.getLogger(name).setLevel(level);
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext loggers) {
    String format = System.getProperty("babelmux.log.format", "text");
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(loggers);
    console.setName(format);
    console.setTarget("System.err");
    console.setEncoder(
        switch (format) {
          case "json" -> started(loggers, new JsonEncoder());
          case "ecs" -> started(loggers, ecs());
          default -> text(loggers);
        });
    console.start();
    return console;
  }

  private static EcsEncoder ecs() {
    EcsEncoder encoder = new EcsEncoder();
    encoder.setService("babelmux");
    encoder.setVersion(System.getProperty("babelmux.version", "unknown"));
    return encoder;
  }

  /** For the support bundle, in the pattern of text. */
  private static RecentLog recent(LoggerContext loggers) {
    RecentLog recent = new RecentLog();
    recent.setContext(loggers);
    recent.setName(RecentLog.NAME);
    recent.setEncoder(text(loggers));
    recent.start();
    return recent;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext loggers) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(TEXT);
    return started(loggers, encoder);
  }

  private static Encoder<ILoggingEvent> started(
      LoggerContext loggers, Encoder<ILoggingEvent> encoder) {
    encoder.setContext(loggers);
    encoder.start();
    return encoder;
  }
}
