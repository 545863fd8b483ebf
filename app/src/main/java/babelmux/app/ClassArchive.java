package babelmux.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The classes that the worker loads, kept in a file that Java maps into its memory at the next
 * start: dynamic class data sharing, JEP 350. Java itself looks whether the file fits it and the
 * jars, and goes on without it where it does not. One thread.
 */
final class ClassArchive {
  private static final String NAME = "babelmux.jsa";

  /** What the launcher and Java need of the environment; no setting of the worker. */
  private static final Set<String> KEPT =
      Set.of("PATH", "HOME", "TMPDIR", "JAVA_HOME", "JAVA_OPTS", "BABELMUX_JAVA_OPTS", "LANG");

  /** Port 1 of this machine: nothing listens there. */
  private static final List<String> SERVE =
      List.of(
          "serve",
          "--host",
          "127.0.0.1",
          "--port",
          "0",
          "--rtmp-url",
          "rtmp://127.0.0.1:1",
          "--mediamtx-api",
          "http://127.0.0.1:1",
          "--sts-url",
          "http://127.0.0.1:1");

  private final Path launcher;
  private final Path folder;
  private final Path file;

  /**
   * @param home folder of the distribution
   */
  ClassArchive(Path home) {
    this.launcher = home.resolve("bin/babelmux");
    this.folder = home.resolve("lib");
    this.file = folder.resolve(NAME);
  }

  /** The archive's file, in the distribution's {@code lib}. */
  Path file() {
    return file;
  }

  /**
   * Starts a worker that hears of no stream, ends it, and keeps the classes that it had loaded. The
   * archive of before is gone, also when this fails.
   *
   * @param limit for the start and again for the end; what runs longer is killed
   * @return the archive's size in bytes
   * @throws IOException when the folder cannot be written, or when this Java makes no archive; the
   *     message says what it said
   */
  long make(Duration limit) throws IOException, InterruptedException {
    Files.deleteIfExists(file);
    Path made = folder.resolve(NAME + ".new");
    Files.deleteIfExists(made);
    Path said = Files.createTempFile("babelmux-prepare", ".log");
    try {
      runOnce(said, limit);
      if (!Files.isRegularFile(made)) {
        throw new IOException("this Java made no class archive: " + lastLine(said));
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      return Files.size(file);
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(said);
    }
  }

  private void runOnce(Path said, Duration limit) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.command().addAll(SERVE);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(KEPT);
    environment.merge(
        "BABELMUX_JAVA_OPTS",
        // Relative: the launcher splits it at blanks, which the folder's name may have.
        "-XX:ArchiveClassesAtExit=" + NAME + ".new",
        (given, ours) -> given + " " + ours);
    builder.directory(folder.toFile());
    Process process = builder.start();
    try {
      awaitListening(process, said, limit);
      process.destroy();
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the worker did not end within " + limit.toSeconds() + " s");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitListening(Process process, Path said, Duration limit)
      throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (!Files.readString(said).contains("listening on")) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadlineNanos) {
        throw new IOException("the worker did not start: " + lastLine(said));
      }
    }
  }

  private static String lastLine(Path said) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(said)) {
      return reader.lines().reduce((before, last) -> last).orElse("it said nothing");
    }
  }
}
