package babelmux.origin.hook;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts hook processes, each watched by a daemon thread of its own; {@link #start} never blocks.
 * Safe for use from any thread.
 */
public final class HookRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HookRunner.class);
  private static final int MAX_RUNNING = 256;

  private final Duration restartPause;
  private final Set<RunningHook> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param restartPause how long a restarted command rests (MediaMTX: 5 s)
   */
  public HookRunner(Duration restartPause) {
    this.restartPause = restartPause;
  }

  /**
   * Starts the command. A command that cannot be started is logged, as MediaMTX does.
   *
   * @param environment added to our own; also what {@code $VAR} stands for
   * @param restart run it again after it ended, until stopped
   */
  public RunningHook start(
      String label, HookCommand command, Map<String, String> environment, boolean restart) {
    RunningHook hook =
        new RunningHook(label, command, Map.copyOf(environment), restart, restartPause);
    if (running.size() >= MAX_RUNNING) {
      log.warn("{} not started: {} hook commands are running", label, MAX_RUNNING);
      return hook;
    }
    running.add(hook);
    Thread thread = new Thread(() -> runToEnd(hook), "hook-" + count.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return hook;
  }

  /** Lets what runs end by itself and starts nothing again: the runner was killed, not closed. */
  public void abandon() {
    running.forEach(RunningHook::abandon);
  }

  /** Waits up to 3 s for what still runs (last not-ready commands), then kills the rest. */
  @Override
  public void close() {
    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    for (RunningHook hook : running) {
      hook.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      hook.abandon();
      hook.kill();
    }
  }

  private void runToEnd(RunningHook hook) {
    try {
      hook.run();
    } finally {
      running.remove(hook);
    }
  }
}
