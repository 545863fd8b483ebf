package babelmux.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** The ffmpeg program that the bytedeco artifact carries. */
final class Ffmpeg implements AutoCloseable {
  private final Process process;
  private final Path log;

  private Ffmpeg(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static synchronized String program() {
    return Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
  }

  static Ffmpeg start(String... arguments) {
    return start(List.of(arguments));
  }

  static Ffmpeg start(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(program(), "-hide_banner", "-loglevel", "verbose", "-nostdin", "-y"));
    command.addAll(arguments);
    try {
      Path log = Files.createTempFile("ffmpeg", ".log");
      log.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      // Its libraries lie beside it, and it does not look there by itself.
      String folder = String.valueOf(Path.of(program()).getParent());
      builder.environment().put("LD_LIBRARY_PATH", folder);
      builder.environment().put("DYLD_LIBRARY_PATH", folder);
      return new Ffmpeg(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs to the end; what it printed is in the error when it fails. */
  static void run(String... arguments) {
    try (Ffmpeg ffmpeg = start(arguments)) {
      int code = ffmpeg.awaitEnd(60);
      if (code != 0) {
        throw new IllegalStateException("ffmpeg ended with " + code + ":\n" + ffmpeg.printed());
      }
    }
  }

  /** The exit code. */
  int awaitEnd(int limitSeconds) {
    try {
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException("ffmpeg still runs:\n" + printed());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  void kill9() {
    process.destroyForcibly();
  }

  String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
