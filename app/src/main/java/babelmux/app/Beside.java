package babelmux.app;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A part that is made on a thread of its own while its caller makes others. To be asked for it
 * once, by the thread that closes it.
 */
final class Beside<T> {
  private final FutureTask<T> making;

  private Beside(FutureTask<T> making) {
    this.making = making;
  }

  /**
   * Begins.
   *
   * @param name the thread's
   */
  static <T> Beside<T> make(String name, Supplier<T> maker) {
    FutureTask<T> making = new FutureTask<>(maker::get);
    Thread thread = new Thread(making, name);
    thread.setDaemon(true);
    thread.start();
    return new Beside<>(making);
  }

  /**
   * Waits for the part, also when interrupted: somebody has to close it.
   *
   * @throws RuntimeException what its maker threw, and an error likewise
   */
  T get() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return making.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
