package babelmux.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and Ctrl-C into an orderly end with the exit code of our choice: the main thread
 * waits, is told, stops what it runs and says that it is done; only then the process ends. Without
 * a call of {@link #finished} it ends after the limit with 1.
 */
final class Termination implements AutoCloseable {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile int code = FailureLine.FAILED;

  private Termination(Duration limit) {
    hook = new Thread(() -> hold(limit), "termination");
  }

  /**
   * From now on a signal is an order to the main thread.
   *
   * @param limit how long the main thread may take after a signal
   */
  static Termination install(Duration limit) {
    Termination termination = new Termination(limit);
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  /** Blocks the main thread until a signal comes. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Everything is stopped; the process may end with this code. */
  void finished(int exitCode) {
    code = exitCode;
    done.countDown();
  }

  private void hold(Duration limit) {
    asked.countDown();
    try {
      done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // A process that a signal ends would exit with 143 otherwise.
    Runtime.getRuntime().halt(code);
  }

  /** Lets signals be what they are again; when one has come, the process ends now. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // A signal has come and the hook waits for the main thread, which is here.
      done.countDown();
    }
  }
}
