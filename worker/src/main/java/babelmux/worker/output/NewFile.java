package babelmux.worker.output;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of files that a destination writes. A file that exists is never overwritten: the next one
 * is called {@code name.1.mp4}, then {@code name.2.mp4}.
 */
final class NewFile {
  private static final int MAX_NUMBER = 100_000;

  private static final Logger log = LoggerFactory.getLogger(NewFile.class);

  private NewFile() {}

  /** The path that a destination's URL names, or null when it names a server. */
  static @Nullable Path pathOf(String url) {
    if (url.toLowerCase(Locale.ROOT).startsWith("file:")) {
      String path = url.substring("file:".length());
      return Path.of(path.startsWith("//") ? path.substring(2) : path);
    }
    return url.contains("://") ? null : Path.of(url);
  }

  /**
   * Makes an empty file with the first name that is free, so that nobody else takes it. What exists
   * and is no file (a pipe, a device) is used as it is.
   */
  static Path create(Path wanted) throws IOException {
    if (Files.exists(wanted) && !Files.isRegularFile(wanted)) {
      return wanted;
    }
    for (int number = 0; number < MAX_NUMBER; number++) {
      Path next = numbered(wanted, number);
      try {
        return Files.createFile(next);
      } catch (FileAlreadyExistsException e) {
        log.debug("{} exists", next);
      }
    }
    throw new IOException(wanted + ": no name is free up to number " + MAX_NUMBER);
  }

  /** The name with a number in front of its ending; number 0 is the name as it is. */
  static Path numbered(Path wanted, int number) {
    if (number == 0) {
      return wanted;
    }
    Path last = wanted.getFileName();
    String name = last == null ? "" : last.toString();
    int dot = name.lastIndexOf('.');
    String numbered =
        dot <= 0
            ? name + "." + number
            : name.substring(0, dot) + "." + number + name.substring(dot);
    return wanted.resolveSibling(numbered);
  }

  /** Removes a file that was made and never written to. */
  static void removeEmpty(Path file) throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) == 0) {
      Files.delete(file);
    }
  }
}
