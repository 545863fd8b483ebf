package babelmux.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A part that is made on a thread of its own while its caller makes others. To be asked for it
 * once, by the thread that closes it.
 */
final class Beside<T> {
  private final CompletableFuture<T> making;

  private Beside(CompletableFuture<T> making) {
    this.making = making;
  }

  /**
   * Begins.
   *
   * @param name the thread's
   */
  static <T> Beside<T> make(String name, Supplier<T> maker) {
    return new Beside<>(
        CompletableFuture.supplyAsync(
            maker,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              thread.start();
            }));
  }

  /**
   * Waits for the part, also when interrupted: somebody has to close it.
   *
   * @throws RuntimeException what its maker threw, and an error likewise
   */
  T get() {
    try {
      return making.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw e;
    }
  }
}
