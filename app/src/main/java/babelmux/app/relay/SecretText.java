package babelmux.app.relay;

import babelmux.worker.config.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Values that may stand in a file, where no list of processes shows them. */
final class SecretText {
  private static final int MAX_BYTES = 8192;

  private SecretText() {}

  /**
   * The value itself, or the one line of {@code @FILE}.
   *
   * @param what names the value in errors
   * @throws IllegalArgumentException if the file cannot be used
   */
  static String read(String what, String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    String line;
    try {
      byte[] bytes = SmallFile.read(Path.of(text.substring(1)), MAX_BYTES);
      line = new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: the file %s %s".formatted(what, text.substring(1), e.getMessage()), e);
    }
    if (line.isEmpty() || line.lines().count() > 1) {
      throw new IllegalArgumentException(
          "%s: the file %s: expected one line".formatted(what, text.substring(1)));
    }
    return line;
  }
}
