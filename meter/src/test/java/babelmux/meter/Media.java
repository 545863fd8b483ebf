package babelmux.meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

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
    List<String> command = new ArrayList<>();
    command.add(Loader.load(ffmpeg.class));
    command.addAll(List.of("-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    String filled = arguments;
    for (Object value : values) {
      filled = filled.replaceFirst("\\{}", Matcher.quoteReplacement(value.toString()));
    }
    command.addAll(List.of(filled.split(" ")));
    command.add(out.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // The program needs libraries that lie beside it and does not say where they are.
    Path folder = Objects.requireNonNull(Path.of(command.get(0)).getParent());
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return out;
  }
}
