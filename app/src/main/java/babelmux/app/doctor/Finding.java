package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;

import babelmux.hooks.Printable;
import babelmux.media.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check: without a secret, and one line, whatever servers said.
 *
 * @param level how bad it is
 * @param code of the fault; null when there is none
 * @param subject what was looked at
 * @param text what was found
 * @param advice what to do; null when there is nothing to do
 */
public record Finding(
    Level level, @Nullable Code code, String subject, String text, @Nullable String advice) {

  /** More than any setting or server has to say. */
  private static final int MAX_SHOWN = 2_000;

  public Finding {
    requireNonNull(level, "level");
    subject = clean(subject);
    text = clean(text);
    advice = advice == null ? null : clean(advice);
  }

  private static String clean(String said) {
    return Printable.line(Secrets.maskKnown(said), MAX_SHOWN);
  }

  /** As it should be. */
  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, null, subject, text, null);
  }

  /**
   * It cannot be seen from here.
   *
   * @param text why not, and what tells instead
   */
  static Finding unknown(String subject, String text) {
    return new Finding(Level.UNKNOWN, null, subject, text, null);
  }

  /** A fault whose remedy is always the same. */
  static Finding of(Code code, String text) {
    return of(code, text, code.remedy());
  }

  /**
   * A fault.
   *
   * @param advice what to do about it
   */
  static Finding of(Code code, String text, @Nullable String advice) {
    return new Finding(code.level(), code, code.subject(), text, advice);
  }

  /** One line. */
  public String line() {
    return "%-7s  %-7s  %-14s %s%s"
        .formatted(
            level.label(),
            code == null ? "-" : code.label(),
            subject,
            text,
            advice == null ? "" : ": " + advice);
  }
}
