package babelmux.app.relay;

import babelmux.worker.config.SmallFile;
import java.io.IOException;
import java.nio.file.Path;

/** Values that may stand in a file, where no list of processes shows them. */
final class GivenText {

  private GivenText() {}

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
    String file = text.substring(1);
    try {
      return SmallFile.line(Path.of(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: the file %s %s".formatted(what, file, e.getMessage()), e);
    }
  }
}
