package babelmux.meter;

import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/** The fixtures, and files made of them. */
final class Media {
  static final Path ENGLISH = Path.of("../../fixtures/30s-counting-english.mp4");
  static final Path NO_B_FRAMES = Path.of("../../fixtures/30s-44100-no-bframes.mp4");

  private Media() {}

  /**
   * Makes a file of arguments split at blanks, each {} replaced by the next value; {@code out} is
   * appended.
   */
  static Path made(Path out, String arguments, Object... values)
      throws IOException, InterruptedException {
    String filled = arguments;
    for (Object value : values) {
      filled = filled.replaceFirst("\\{}", Matcher.quoteReplacement(value.toString()));
    }
    List<String> command = new ArrayList<>(List.of(filled.split(" ")));
    command.add(out.toString());
    ClipMaker.make(command);
    return out;
  }
}
