package babelmux.worker.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on a shared pool one after another, in the order in which they came, one for each turn
 * in the pool. A task that throws is logged, and the next one runs. Thread-safe; does not wait.
 */
public final class SerialExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor pool;
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  /** True while a turn is running or in the pool's queue. */
  private boolean busy;

  public SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  /**
   * @throws RejectedExecutionException when the pool takes no more; the task will not run
   */
  @Override
  public void execute(Runnable task) {
    if (!add(task)) {
      return;
    }
    try {
      pool.execute(this::turn);
    } catch (RuntimeException | Error e) {
      // A pool that cannot create its thread throws an OutOfMemoryError.
      if (takeBack(task)) {
        turn();
      }
      throw e;
    }
  }

  /** Returns whether other threads have submitted tasks meanwhile, which were accepted. */
  private boolean takeBack(Runnable task) {
    synchronized (waiting) {
      waiting.remove(task);
      busy = !waiting.isEmpty();
      return busy;
    }
  }

  /** As {@link #execute}, but runs the task on the caller's thread when the pool takes no more. */
  public void executeAlways(Runnable task) {
    if (add(task) && !submitTurn()) {
      turn();
    }
  }

  /** Returns whether a turn is needed. */
  private boolean add(Runnable task) {
    synchronized (waiting) {
      waiting.addLast(task);
      boolean idle = !busy;
      busy = true;
      return idle;
    }
  }

  /** Takes back the tasks that have not begun, in their order; they will not run here. */
  public List<Runnable> withdraw() {
    synchronized (waiting) {
      List<Runnable> tasks = List.copyOf(waiting);
      waiting.clear();
      return tasks;
    }
  }

  /** One task, so that others who use the pool have their turn before the next. */
  private void turn() {
    do {
      run(next());
    } while (more() && !submitTurn());
  }

  private static void run(@Nullable Runnable task) {
    if (task == null) {
      return; // withdrawn
    }
    try {
      task.run();
    } catch (Throwable e) {
      log.error("ours: a task failed; the next one runs", e);
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      return waiting.pollFirst();
    }
  }

  private boolean more() {
    synchronized (waiting) {
      busy = !waiting.isEmpty();
      return busy;
    }
  }

  /** Returns false when the pool takes no more: what was accepted is then run where we are. */
  private boolean submitTurn() {
    try {
      pool.execute(this::turn);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }
}
