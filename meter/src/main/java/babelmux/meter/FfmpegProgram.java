package babelmux.meter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * The {@code ffmpeg} program that the FFmpeg artifact carries: publishes, records and copies for
 * demo and tests.
 */
public final class FfmpegProgram {
  private FfmpegProgram() {}

  /**
   * A process to be started; asks nothing of a terminal and says only what went wrong, on standard
   * error.
   *
   * @param arguments what stands behind the program's name
   */
  public static ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Loader.load(ffmpeg.class));
    command.addAll(List.of("-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // The program needs libraries that lie beside it and does not say where they are.
    Path folder = Objects.requireNonNull(Path.of(command.get(0)).getParent());
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    return builder;
  }
}
