package babelmux.worker.streams;

import org.jspecify.annotations.Nullable;

/**
 * What a worker holds, and may hold.
 *
 * @param residentBytes resident memory of the process
 * @param memoryLimitBytes memory that the process may have; null when nothing tells of a limit
 * @param streams sessions that run
 * @param maxStreams sessions that may run at the same time
 */
public record WorkerLoad(
    long residentBytes, @Nullable Long memoryLimitBytes, int streams, int maxStreams) {

  /** Of no worker. */
  public static final WorkerLoad NONE = new WorkerLoad(0, null, 0, 0);
}
