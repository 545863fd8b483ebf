package babelmux.app.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 *
 * @param level how bad it is
 * @param subject what was looked at
 * @param text what was found
 * @param advice what to do; null when there is nothing to do
 */
public record Finding(Level level, String subject, String text, @Nullable String advice) {

  /** The severity. */
  public enum Level {
    /** As it should be. */
    OK,
    /** The worker runs, but something will not work. */
    WARN,
    /** The worker cannot run. */
    FAIL
  }

  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, null);
  }

  static Finding warn(String subject, String text, String advice) {
    return new Finding(Level.WARN, subject, text, advice);
  }

  static Finding fail(String subject, String text, String advice) {
    return new Finding(Level.FAIL, subject, text, advice);
  }

  /** One line. */
  public String line() {
    String label = level.name().toLowerCase(Locale.ROOT);
    return "%-4s  %-14s %s%s".formatted(label, subject, text, advice == null ? "" : ": " + advice);
  }
}
