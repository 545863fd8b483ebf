package babelmux.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that make fragments and decode dubs, shared by all streams: milliseconds of work
 * every six seconds each.
 */
final class DubPool {
  private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

  private DubPool() {}

  /** The caller's to shut down. */
  static ExecutorService create() {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        THREADS,
        task -> {
          Thread thread = new Thread(task, "dub-" + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }
}
