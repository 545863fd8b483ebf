package babelmux.app.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * The {@code ffmpeg} program that the FFmpeg artifact carries: what the benches compare with. It is
 * linked with libraries of the system that nothing else of babelmux needs.
 */
public final class FfmpegProgram {
  private static final String ADVICE =
      "the ffmpeg program that benches compare with cannot be loaded: on Debian, install libpulse0"
          + " libasound2 libxcb1 libxcb-shm0";

  private FfmpegProgram() {}

  /**
   * Starts the program once.
   *
   * @return its version, such as {@code 8.0.1}
   * @throws IOException one line that names the packages to install, when it cannot be loaded
   */
  public static String version() throws IOException, InterruptedException {
    ProcessBuilder builder = command(List.of("-version"));
    builder.command().removeAll(List.of("-loglevel", "error"));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    String prefix = "ffmpeg version ";
    if (code != 0 || !said.startsWith(prefix)) {
      throw new IOException(
          ADVICE + " (" + said.lines().findFirst().orElse("exit code " + code) + ")");
    }
    return said.substring(prefix.length()).split("\\s", 2)[0];
  }

  /**
   * A process to be started; asks nothing of a terminal and says only what went wrong, on standard
   * error.
   *
   * @param arguments what stands behind the program's name
   */
  static ProcessBuilder command(List<String> arguments) {
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
