package babelmux.worker.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on a shared pool one after another, in the order in which they came. A task that
 * throws is logged, and the next one runs. Any thread; does not wait.
 */
final class InTurn implements Executor {
  private static final Logger log = LoggerFactory.getLogger(InTurn.class);

  private final Executor pool;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  InTurn(Executor pool) {
    this.pool = pool;
  }

  /**
   * @throws RejectedExecutionException when the pool takes no more; the task will not run
   */
  @Override
  public void execute(Runnable task) {
    synchronized (waiting) {
      waiting.addLast(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      pool.execute(this::run);
    } catch (RuntimeException | Error e) {
      // A pool that cannot create its thread throws an OutOfMemoryError.
      synchronized (waiting) {
        running = false;
        waiting.remove(task);
      }
      throw e;
    }
  }

  /** Takes back the tasks that have not begun, in their order; they will not run here. */
  List<Runnable> withdraw() {
    synchronized (waiting) {
      List<Runnable> tasks = List.copyOf(waiting);
      waiting.clear();
      return tasks;
    }
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        log.error("a task failed; the next one runs", e);
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      Runnable task = waiting.pollFirst();
      running = task != null;
      return task;
    }
  }
}
