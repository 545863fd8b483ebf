package babelmux.worker.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on a shared pool one after another, in the order in which they came. Any thread; does
 * not wait.
 */
final class InTurn implements Executor {
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
    } catch (RejectedExecutionException e) {
      synchronized (waiting) {
        running = false;
        waiting.remove(task);
      }
      throw e;
    }
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
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
