package babelmux.worker.session;

import babelmux.media.LogFields;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.MDC;

/**
 * A shared pool as one stream uses it: what its tasks log names the stream. As thread-safe as the
 * pool, which belongs to others.
 */
final class StreamPool implements Executor {
  private final Executor pool;
  private final String streamId;

  StreamPool(Executor pool, String streamId) {
    this.pool = pool;
    this.streamId = streamId;
  }

  /**
   * @throws RejectedExecutionException as the pool does
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(() -> run(task));
  }

  private void run(Runnable task) {
    // A pool may run a task on the caller's thread, which has a name already.
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.put(LogFields.STREAM, streamId);
    try {
      task.run();
    } finally {
      MDC.setContextMap(before == null ? Map.of() : before);
    }
  }
}
