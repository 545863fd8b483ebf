package babelmux.app.logging;

import babelmux.media.Secrets;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last lines of the log in memory, for the support bundle: as they were written, masked
 * once more. At most {@link #MAX_LINES} of {@link #MAX_CHARACTERS} each. Set up by {@link
 * LogSetup}; thread-safe.
 */
public final class RecentLog extends AppenderBase<ILoggingEvent> {
  public static final int MAX_LINES = 500;
  static final int MAX_CHARACTERS = 4_000;

  static final String NAME = "recent";

  private final Deque<String> lines = new ArrayDeque<>();
  private @Nullable Encoder<ILoggingEvent> encoder;

  /** What makes a line of an event. */
  public void setEncoder(Encoder<ILoggingEvent> used) {
    encoder = used;
  }

  @Override
  protected void append(ILoggingEvent event) {
    Encoder<ILoggingEvent> used = encoder;
    if (used == null) {
      return;
    }
    String line = new String(used.encode(event), StandardCharsets.UTF_8).strip();
    String kept = line.length() > MAX_CHARACTERS ? line.substring(0, MAX_CHARACTERS) + "..." : line;
    synchronized (lines) {
      lines.addLast(kept);
      if (lines.size() > MAX_LINES) {
        lines.removeFirst();
      }
    }
  }

  /** The last lines, the oldest first. */
  List<String> kept() {
    List<String> copy;
    synchronized (lines) {
      copy = List.copyOf(lines);
    }
    return copy.stream().map(Secrets::mask).toList();
  }

  /** The last lines of this process's log, the oldest first; none where logback keeps none. */
  public static List<String> lines() {
    return lines(LoggerFactory.getILoggerFactory());
  }

  /** Those of other loggers than this process's. */
  public static List<String> lines(ILoggerFactory loggers) {
    return loggers instanceof LoggerContext context
            && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(NAME) instanceof RecentLog log
        ? log.kept()
        : List.of();
  }
}
