package babelmux.worker.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A setting whose value stands in files: all of it ({@code @FILE}), or that of some entries ({@code
 * NAME=@FILE}).
 */
final class SecretText {
  private static final String ENTRY_IN_FILE = "=@";

  private final Setting<?> setting;
  private final String text;

  private SecretText(Setting<?> setting, String text) {
    this.setting = setting;
    this.text = text;
  }

  /** Empty when the text is the value itself. */
  static Optional<SecretText> of(Setting<?> setting, String text) {
    if (!setting.parser().inFile()) {
      return Optional.empty();
    }
    boolean inFiles = text.startsWith("@") || (setting.isMap() && text.contains(ENTRY_IN_FILE));
    return inFiles ? Optional.of(new SecretText(setting, text)) : Optional.empty();
  }

  /** The files that hold it. */
  List<Path> files() {
    if (text.startsWith("@")) {
      return List.of(path(text.substring(1)));
    }
    List<Path> files = new ArrayList<>();
    for (String word : text.split("\\s+")) {
      int at = word.indexOf(ENTRY_IN_FILE);
      if (isEntryInFile(word, at)) {
        files.add(path(word.substring(at + ENTRY_IN_FILE.length())));
      }
    }
    return files;
  }

  /** Only the first equals sign of an entry ends its name. */
  private static boolean isEntryInFile(String word, int at) {
    return at >= 0 && at == word.indexOf('=');
  }

  /** What they hold, checked as the setting wants it. Blocks for as long as the files take. */
  SecretLine read() {
    if (text.startsWith("@")) {
      return SecretLine.read(setting, path(text.substring(1)));
    }
    List<String> words = new ArrayList<>();
    for (String word : text.split("\\s+")) {
      int at = word.indexOf(ENTRY_IN_FILE);
      if (!isEntryInFile(word, at)) {
        words.add(word);
        continue;
      }
      Path file = path(word.substring(at + ENTRY_IN_FILE.length()));
      try {
        words.add(word.substring(0, at + 1) + SmallFile.line(file));
      } catch (IOException e) {
        return SecretLine.bad(file, String.valueOf(e.getMessage()));
      }
    }
    return SecretLine.checked(setting, String.join(" ", words), files().get(0));
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return Path.of("");
    }
  }
}
