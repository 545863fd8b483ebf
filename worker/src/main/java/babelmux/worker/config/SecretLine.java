package babelmux.worker.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The one line of a file that holds a secret setting, or why there is none. Never prints the line.
 *
 * @param text without blanks and line ends around it; null when there is a problem
 * @param problem the file and what is wrong with it, without a word of what it holds; empty when
 *     nothing is
 */
record SecretLine(@Nullable String text, String problem) {

  /** Reads the file of a setting, and checks the line as the setting wants it. */
  static SecretLine read(Setting<?> setting, Path file) {
    try {
      return checked(setting, SmallFile.line(file), file);
    } catch (IOException e) {
      return bad(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * A value as the setting wants it.
   *
   * @param file that is named when it is none
   */
  static SecretLine checked(Setting<?> setting, String text, Path file) {
    try {
      Parsers.require(setting.parser().read().apply(text) != null);
      return new SecretLine(text, "");
    } catch (RuntimeException e) {
      // Only that: the exception's own message may hold the secret.
      return bad(file, "does not hold what is expected");
    }
  }

  static SecretLine bad(Path file, String why) {
    // A token that begins with @ and was meant as it stands is no file, and must not be shown.
    boolean shown = file.isAbsolute() || Files.exists(file);
    return new SecretLine(null, "the file%s %s".formatted(shown ? " " + file : "", why));
  }

  @Override
  public String toString() {
    return "SecretLine[%s]".formatted(text == null ? problem : Secret.SHOWN);
  }
}
