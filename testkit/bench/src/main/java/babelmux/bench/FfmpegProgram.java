package babelmux.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * An {@code ffmpeg} program that a bench compares the worker with: the one that the FFmpeg artifact
 * carries, which has the same build of FFmpeg as the worker, or one that is installed. The
 * artifact's is linked with libraries of the system that nothing else of babelmux needs.
 */
public final class FfmpegProgram {
  private static final long VERSION_LIMIT_SECONDS = 30;
  private static final String ADVICE =
      "the ffmpeg program that benches compare with cannot be loaded: on Debian, install libpulse0"
          + " libasound2 libxcb1 libxcb-shm0";

  private final Path program;
  private final Map<String, String> environment;

  private FfmpegProgram(Path program, Map<String, String> environment) {
    this.program = program;
    this.environment = environment;
  }

  /** The artifact's: every ratio is against this one. It may not start, see {@link #version()}. */
  static FfmpegProgram ofTheArtifact() throws IOException {
    Path program;
    try {
      program = Path.of(Loader.load(ffmpeg.class));
    } catch (LinkageError e) {
      // The artifact loads the program's libraries before it hands out its path.
      throw new IOException(ADVICE + " (" + missing(e) + ")", e);
    }
    // The program needs libraries that lie beside it and does not say where they are.
    String folder = Objects.requireNonNull(program.getParent()).toString();
    return new FfmpegProgram(program, Map.of("LD_LIBRARY_PATH", folder));
  }

  /** Names what is not there, as the linker says it. */
  static String missing(LinkageError error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    String message = String.valueOf(cause.getMessage());
    int path = message.indexOf(".so: ");
    return path < 0 ? message : message.substring(path + 5);
  }

  /**
   * The one that is installed, for a second comparison; empty when there is none.
   *
   * @param path folders as in the variable PATH
   */
  static Optional<FfmpegProgram> onPath(String path) {
    for (String folder : path.split(File.pathSeparator)) {
      Path program = Path.of(folder, "ffmpeg");
      if (!folder.isEmpty() && Files.isExecutable(program) && Files.isRegularFile(program)) {
        return Optional.of(new FfmpegProgram(program, Map.of()));
      }
    }
    return Optional.empty();
  }

  /**
   * Starts the artifact's program once.
   *
   * @return its version, such as {@code 8.0.1}
   * @throws IOException one line that names the packages to install, when it cannot be loaded
   */
  public static String version() throws IOException, InterruptedException {
    return ofTheArtifact().ownVersion();
  }

  /**
   * Starts the program once.
   *
   * @return its version, such as {@code 8.0.1}
   * @throws IOException in one line, when it cannot be loaded
   */
  String ownVersion() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "-version");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean ended = process.waitFor(VERSION_LIMIT_SECONDS, TimeUnit.SECONDS);
    String prefix = "ffmpeg version ";
    if (!ended || process.exitValue() != 0 || !said.startsWith(prefix)) {
      process.destroyForcibly();
      String reason = said.lines().findFirst().orElse("it says nothing");
      throw new IOException(
          environment.isEmpty() ? program + ": " + reason : ADVICE + " (" + reason + ")");
    }
    return said.substring(prefix.length()).split("\\s", 2)[0];
  }

  /**
   * A process to be started; asks nothing of a terminal and says only what went wrong, on standard
   * error.
   *
   * @param arguments what stands behind the program's name
   */
  ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder;
  }
}
