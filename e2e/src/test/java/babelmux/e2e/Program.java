package babelmux.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution's program as a process. Whoever starts one closes it. */
final class Program implements AutoCloseable {
  private static final long LIMIT_SECONDS = 90;

  private final Process process;
  private final Path said;

  private Program(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /** A process that has ended. */
  record Ended(int code, String said, double seconds) {}

  static Program start(Map<String, String> environment, String... arguments) throws IOException {
    return startIn(Path.of(System.getProperty("babelmux.home", "")), environment, arguments);
  }

  /** Starts the program of another distribution. */
  static Program startIn(Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/babelmux").toString());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("babelmux-program", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("STS_"));
    builder.environment().putAll(environment);
    return new Program(builder.start(), said);
  }

  /** Runs it to its end. */
  static Ended run(String... arguments) throws IOException, InterruptedException {
    return runIn(Path.of(System.getProperty("babelmux.home", "")), arguments);
  }

  static Ended runIn(Path home, String... arguments) throws IOException, InterruptedException {
    return runIn(home, Map.of(), arguments);
  }

  static Ended runIn(Path home, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (Program program = startIn(home, environment, arguments)) {
      int code = program.awaitEnd();
      return new Ended(code, program.said(), (System.nanoTime() - begin) / 1e9);
    }
  }

  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running: " + said());
    }
    return process.exitValue();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Its process number. */
  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Output and errors. */
  String said() {
    try {
      return Files.readString(said, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(said);
  }
}
