package babelmux.worker.sts;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks one after another, in order, on threads of a shared pool; on the caller's thread once
 * the pool is shut down, so that no task is ever lost. Thread-safe.
 */
final class SerialExecutor {
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
    boolean more = true;
    try {
      task.run();
    } finally {
      synchronized (tasks) {
        more = !tasks.isEmpty();
        running = more;
      }
    }
    return more;
  }
}
