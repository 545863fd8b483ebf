package babelmux.app.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks side by side, each on a thread of its own. Started and asked by one thread. Closing
 * it interrupts those that still run, and waits for none.
 */
final class Checks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checks.class);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "doctor");
            thread.setDaemon(true);
            return thread;
          });

  /** A check that runs, and the time by which it has to be done. */
  static final class Running<T> {
    private final Future<T> future;
    private final String subject;
    private final Duration limit;
    private final long endNanos;
    private boolean failed;

    private Running(String subject, Duration limit, Future<T> future) {
      this.subject = subject;
      this.limit = limit;
      this.future = future;
      endNanos = System.nanoTime() + limit.toNanos();
    }

    /**
     * Waits for the result until the limit is over, counted from the start of the check.
     *
     * @return null when there is none by then, or the check itself failed
     */
    @Nullable T get() throws InterruptedException {
      try {
        return future.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        future.cancel(true);
        return null;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof InterruptedException)) {
          log.error("looking at {} failed", subject, e.getCause());
          failed = true;
        }
        return null;
      }
    }

    /** That it has no result. */
    Finding nothing() {
      return Finding.unknown(
          subject,
          failed
              ? "it could not be looked at; the log says why"
              : "no result in " + StsVerdict.seconds(limit.toMillis()));
    }
  }

  ExecutorService threads() {
    return threads;
  }

  /**
   * Starts one.
   *
   * @param limit from now on, after which it is interrupted
   */
  <T> Running<T> start(String subject, Duration limit, Callable<T> check) {
    return new Running<>(subject, limit, threads.submit(check));
  }

  /** The findings of a check, or that it has none in time. */
  static List<Finding> findings(Running<List<Finding>> check) throws InterruptedException {
    List<Finding> found = check.get();
    return found == null ? List.of(check.nothing()) : new ArrayList<>(found);
  }

  /** The finding of a check, or that it has none in time. */
  static Finding finding(Running<Finding> check) throws InterruptedException {
    Finding found = check.get();
    return found == null ? check.nothing() : found;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
