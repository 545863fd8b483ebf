package babelmux.bench;

import babelmux.demo.LocalStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker as a process of its own: {@code babelmux serve}, on a free port. Whoever started it
 * closes it.
 */
final class WorkerProcess implements LocalStack.Worker {
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final long STOP_SECONDS = 20;

  private final Process process;
  private final Path log;
  private final URI url;
  // Ctrl-C in a benchmark of an hour must not leave a worker behind.
  private final Thread killer;

  private WorkerProcess(Process process, Path log, URI url) {
    this.process = process;
    this.log = log;
    this.url = url;
    this.killer = new Thread(process::destroyForcibly, "worker-killer");
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts; hooks are answered when this returns.
   *
   * @param program the first words of its command line
   * @param flags of {@code serve}, beside the port
   * @param environment variables over those of this process, of which no token is taken
   * @throws IOException when it ends at once, with what it said
   */
  static WorkerProcess start(
      List<String> program, List<String> flags, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("serve", "--port", "0"));
    command.addAll(flags);
    Path log = Files.createTempFile("babelmux-worker", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // A token of whoever runs this is for another worker, and this one is read without.
    builder.environment().keySet().removeIf(name -> name.startsWith("BABELMUX_API_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      return new WorkerProcess(process, log, listening(process, log));
    } catch (IOException e) {
      process.destroyForcibly();
      Files.deleteIfExists(log);
      throw e;
    }
  }

  private static URI listening(Process process, Path log) throws IOException {
    // Not closed: the process would die of a closed pipe when it says more.
    BufferedReader reader = process.inputReader();
    // Its log may go there, too.
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return URI.create(matcher.group(1));
      }
    }
    throw new IOException("the worker does not start: " + Files.readString(log).strip());
  }

  /** True while it still runs. */
  boolean isRunning() {
    return process.isAlive();
  }

  /** Exit code, and the log; to be asked when it runs no more. */
  String end() {
    int code = process.exitValue();
    String signal = code > 128 ? " (signal " + (code - 128) + ")" : "";
    String said = said();
    return "exit code " + code + signal + (said.isEmpty() ? "" : ": " + said);
  }

  /** Log of the worker, for an error's message. */
  String said() {
    try {
      return Files.readString(log).strip();
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** SIGKILL: nothing drains, nothing is closed. Returns when the process is gone. */
  void kill() throws IOException, InterruptedException {
    keepOnExit();
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(log);
  }

  /** Its process number. */
  long pid() {
    return process.pid();
  }

  /** Its HTTP port. */
  URI url() {
    return url;
  }

  private void keepOnExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // The hook runs already.
    }
  }

  @Override
  public void close() {
    keepOnExit();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(log);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // A file in the temporary folder stays.
    }
  }
}
