package babelmux.origin.hook;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One hook command while it lives. Stopped by whoever started it. */
public final class RunningHook {
  private static final Logger log = LoggerFactory.getLogger(RunningHook.class);

  private final String label;
  private final HookCommand command;
  private final Map<String, String> environment;
  private final boolean restart;
  private final Duration restartPause;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Process process;

  RunningHook(
      String label,
      HookCommand command,
      Map<String, String> environment,
      boolean restart,
      Duration restartPause) {
    this.label = label;
    this.command = command;
    this.environment = environment;
    this.restart = restart;
    this.restartPause = restartPause;
  }

  /** Sends SIGINT to the process and its children, without waiting; never started again. */
  public void stop() {
    stopped.countDown();
    Process current = process;
    if (current != null && current.isAlive()) {
      // Finding the children and starting kill take milliseconds; the caller may be an event loop.
      Thread thread = new Thread(() -> interrupt(current), "hook-interrupt");
      thread.setDaemon(true);
      thread.start();
    }
  }

  void abandon() {
    stopped.countDown();
  }

  void run() {
    try {
      do {
        runOnce();
      } while (restart && !stopped.await(restartPause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  void awaitEnd(Duration limit) {
    try {
      ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void kill() {
    Process current = process;
    if (current != null && current.isAlive()) {
      log.warn("{} does not end: killed", label);
      current.descendants().forEach(ProcessHandle::destroyForcibly);
      current.destroyForcibly();
    }
  }

  private void runOnce() throws InterruptedException {
    if (stopped.getCount() == 0) {
      return;
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            command.expand(
                name ->
                    environment.containsKey(name) ? environment.get(name) : System.getenv(name)));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    try {
      Process started = builder.start();
      process = started;
      if (stopped.getCount() == 0) {
        interrupt(started);
      }
      logOutput(started);
      log.info("{} command exited with code {}", label, started.waitFor());
    } catch (IOException e) {
      log.warn("{} command failed: {}", label, e.getMessage());
    }
  }

  private void logOutput(Process started) {
    try (BufferedReader reader = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        log.info("{}: {}", label, line);
      }
    } catch (IOException e) {
      log.debug("{}: output closed: {}", label, e.getMessage());
    }
  }

  /** Java has no SIGINT; kill is a builtin of every shell. */
  private void interrupt(Process target) {
    List<String> kill = new ArrayList<>(List.of("sh", "-c", "kill -INT \"$@\"", "sh"));
    target.descendants().forEach(child -> kill.add(Long.toString(child.pid())));
    kill.add(Long.toString(target.pid()));
    try {
      new ProcessBuilder(kill)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      log.warn("{}: SIGINT not sent: {}", label, e.getMessage());
      target.destroy();
    }
  }
}
