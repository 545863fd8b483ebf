package babelmux.hooks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The repository's deploy folder, and the programs of this machine. */
final class Deploy {

  static final Path FOLDER = Path.of("..", "deploy").toAbsolutePath().normalize();
  static final Path HOOK = FOLDER.resolve("mediamtx/hooks/mtx-hook");
  static final Path CONFIG = FOLDER.resolve("mediamtx/mediamtx.yml");
  static final Path INSTALL = FOLDER.resolve("mediamtx/install.sh");

  private Deploy() {}

  /** A program on the PATH. */
  static Optional<Path> program(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Makes a folder that holds just these programs, under their own names, and says where. */
  static Path bin(Path folder, List<String> names) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      Files.createSymbolicLink(folder.resolve(name), program(name).orElseThrow());
    }
    return folder;
  }

  /** Makes a folder in which these names are busybox. */
  static Path busyboxBin(Path folder, List<String> names) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      Files.createSymbolicLink(folder.resolve(name), program("busybox").orElseThrow());
    }
    return folder;
  }

  /** Removes the links below a folder, of which JUnit would warn, each by itself. */
  static void removeLinks(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  /** A program that has ended. */
  record Ended(int status, String output, long millis) {}

  /** Runs a program to its end, standard error and output together. */
  static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
    return await(start(builder), System.nanoTime());
  }

  static Process start(ProcessBuilder builder) throws IOException {
    return builder.redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
  }

  /** Waits for a program that writes less than a pipe holds. */
  static Ended await(Process process, long startedNanos) throws IOException, InterruptedException {
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after 40 s");
    }
    long millis = (System.nanoTime() - startedNanos) / 1_000_000;
    return new Ended(
        process.exitValue(),
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
        millis);
  }
}
