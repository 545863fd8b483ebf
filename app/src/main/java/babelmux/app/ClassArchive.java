package babelmux.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The classes that {@code serve} and {@code dub} load, kept in files that Java maps into its memory
 * at the next start. Up to Java 24 that is one archive of class data (JEP 310), from Java 25 on a
 * cache for each of the two commands, which also knows what to compile (JEP 483, 514, 515). Java
 * itself checks whether a file fits it and the jars, and goes on without it where it does not. One
 * thread.
 */
final class ClassArchive {
  /** The first Java whose caches are worth more than class data. */
  private static final int FIRST_WITH_CACHES = 25;

  private static final String UNFINISHED = ".new";
  private static final String CLASSES = ".classes";

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

  private static final String FILM = "fixtures/30s-counting-english.mp4";

  private final Path home;
  private final Path launcher;
  private final Path folder;
  private final int version;

  /**
   * @param home folder of the distribution
   */
  ClassArchive(Path home) {
    this(home, Runtime.version().feature());
  }

  /**
   * @param version of the Java that is to use it, such as 17
   */
  ClassArchive(Path home, int version) {
    this.home = home;
    this.launcher = home.resolve("bin/babelmux");
    this.folder = home.resolve("lib");
    this.version = version;
  }

  /**
   * Starts a worker that hears of no stream, and dubs a film where film and stand-in are installed,
   * and keeps the classes that they load. The files of before are gone, also when this fails.
   *
   * @param limit for each start and each end; what runs longer is killed
   * @return the files that were made, in the distribution's {@code lib}
   * @throws IOException when the folder cannot be written, or when this Java makes no archive; the
   *     message says what it said
   */
  List<Path> make(Duration limit) throws IOException, InterruptedException {
    deleteAll("*.{jsa,aot}");
    try {
      return version >= FIRST_WITH_CACHES ? caches(limit) : List.of(archive(limit));
    } finally {
      deleteAll("*{" + UNFINISHED + "," + CLASSES + ",.config}");
    }
  }

  private void deleteAll(String pattern) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private List<Path> caches(Duration limit) throws IOException, InterruptedException {
    List<Path> made = new ArrayList<>();
    String serve = "serve-" + version + ".aot";
    made.add(finished(serve, serve("-XX:AOTCacheOutput=" + serve + UNFINISHED, limit)));
    if (canDub()) {
      String dub = "dub-" + version + ".aot";
      made.add(finished(dub, dub("-XX:AOTCacheOutput=" + dub + UNFINISHED, limit)));
    }
    return made;
  }

  private Path archive(Duration limit) throws IOException, InterruptedException {
    serve("-XX:DumpLoadedClassList=serve" + CLASSES, limit);
    if (canDub()) {
      dub("-XX:DumpLoadedClassList=dub" + CLASSES, limit);
    }
    Set<String> classes = new LinkedHashSet<>();
    for (String command : List.of("serve", "dub")) {
      Path list = folder.resolve(command + CLASSES);
      if (Files.exists(list)) {
        classes.addAll(Files.readAllLines(list));
      }
    }
    Files.write(folder.resolve("all" + CLASSES), classes);
    String name = "babelmux-" + version + ".jsa";
    String options =
        "-Xshare:dump -XX:SharedClassListFile=all%s -XX:SharedArchiveFile=%s%s"
            .formatted(CLASSES, name, UNFINISHED);
    // Ends before anything of the program runs.
    return finished(name, run(List.of("dub"), options, limit, false));
  }

  private Path finished(String name, String said) throws IOException {
    Path made = folder.resolve(name + UNFINISHED);
    if (!Files.isRegularFile(made)) {
      throw new IOException("this Java made no class archive: " + said);
    }
    return Files.move(made, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean canDub() {
    return Tools.areInstalled() && Files.isReadable(home.resolve(FILM));
  }

  private String serve(String option, Duration limit) throws IOException, InterruptedException {
    return run(SERVE, option, limit, true);
  }

  private String dub(String option, Duration limit) throws IOException, InterruptedException {
    Path output = Files.createTempFile("babelmux-prepare", ".mp4");
    try {
      String film = home.resolve(FILM).toString();
      return run(
          List.of("dub", film, output.toString(), "--sts", "counting-es"), option, limit, false);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Runs a command once and returns the last line of what it said. */
  private String run(List<String> command, String options, Duration limit, boolean listens)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("babelmux-prepare", ".log");
    try {
      run(command, options, limit, listens, said);
      return lastLine(said);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private void run(List<String> command, String options, Duration limit, boolean listens, Path said)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.command().addAll(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(KEPT);
    environment.merge(
        "BABELMUX_JAVA_OPTS",
        // Its files are relative: the launcher splits it at blanks, which the folder's name may
        // have.
        options,
        (given, ours) -> given + " " + ours);
    builder.directory(folder.toFile());
    Process process = builder.start();
    try {
      if (listens) {
        awaitListening(process, said, limit);
        process.destroy();
      }
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(
            "%s did not end within %d s".formatted(command.get(0), limit.toSeconds()));
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
