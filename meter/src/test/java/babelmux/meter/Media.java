package babelmux.meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/**
 * The fixtures, and files made of them with the ffmpeg program that the FFmpeg artifact carries.
 */
final class Media {
  static final Path ENGLISH = Path.of("../fixtures/30s-counting-english.mp4");
  static final Path NO_B_FRAMES = Path.of("../fixtures/30s-44100-no-bframes.mp4");

  private Media() {}

  /**
   * Runs ffmpeg on arguments split at blanks, each {} replaced by the next value; {@code out} is
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
    Process process = FfmpegProgram.command(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return out;
  }
}
