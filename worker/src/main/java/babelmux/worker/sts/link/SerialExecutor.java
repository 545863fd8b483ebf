package babelmux.worker.sts.link;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in order, on threads of a shared pool; on the caller's thread once
 * the pool is shut down, so that no task is ever lost. Thread-safe.
 */
final class SerialExecutor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor pool;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  /** Queues a task. */
  void execute(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    handOver();
  }

  private void handOver() {
    try {
      pool.execute(this::runOneInPool);
    } catch (RejectedExecutionException e) {
      while (runOne()) {
        // until there is none
      }
    }
  }

  /** One task per turn, so that a busy link does not keep a thread from the others. */
  private void runOneInPool() {
    if (runOne()) {
      handOver();
    }
  }

  /** Returns whether there are more. */
  private boolean runOne() {
    Runnable task;
    synchronized (tasks) {
      task = tasks.remove();
    }
    try {
      task.run();
    } catch (Throwable e) {
      // The next one is somebody else's: it must come to its turn whatever this one did.
      log.error("ours: a step of an STS link failed", e);
    }
    synchronized (tasks) {
      running = !tasks.isEmpty();
      return running;
    }
  }
}
