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

/** Runs checks side by side, each on a thread of its own. Closing it ends those that still run. */
final class Checks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checks.class);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "doctor");
            thread.setDaemon(true);
            return thread;
          });

  /** A check that runs. */
  static final class Running<T> {
    private final Future<T> future;
    private final String subject;

    private Running(String subject, Future<T> future) {
      this.subject = subject;
      this.future = future;
    }

    /**
     * Waits for the result.
     *
     * @return null when there is none within the limit, or the check itself failed
     */
    @Nullable T get(Duration limit) throws InterruptedException {
      try {
        return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        future.cancel(true);
        return null;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof InterruptedException)) {
          log.error("looking at {} failed", subject, e.getCause());
        }
        return null;
      }
    }
  }

  ExecutorService threads() {
    return threads;
  }

  <T> Running<T> start(String subject, Callable<T> check) {
    return new Running<>(subject, threads.submit(check));
  }

  /** The findings of a check, or that it has none in time. */
  static List<Finding> findings(Running<List<Finding>> check, Duration limit)
      throws InterruptedException {
    List<Finding> found = check.get(limit);
    return found == null
        ? List.of(
            Finding.unknown(
                check.subject, "no result in " + limit.toSeconds() + " s; the log may say why"))
        : new ArrayList<>(found);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
