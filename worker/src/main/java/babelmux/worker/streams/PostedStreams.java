package babelmux.worker.streams;

import babelmux.worker.retry.Backoff;
import babelmux.worker.state.SavedStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The posted streams that are to run, and when one that does not is started again: after 1, 2, 4...
 * 30 s. All times are nanoseconds of one monotonic clock. Not thread-safe.
 */
final class PostedStreams {
  private static final Backoff BACKOFF =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** What has run for so long begins with the shortest wait again. */
  static final Duration STEADY = Duration.ofMinutes(1);

  private final Map<String, Posted> wanted = new TreeMap<>();

  /** One that is to run. Its identity tells it from an earlier one of its id. */
  static final class Posted {
    private final SavedStream stream;
    private boolean runs;
    private long startedNanos;
    private int attempt;
    private long retryNanos;
    private String reason = "it is about to be started";

    Posted(SavedStream stream) {
      this.stream = stream;
    }

    SavedStream stream() {
      return stream;
    }

    /** Its session has started. */
    void started(long nowNanos) {
      runs = true;
      startedNanos = nowNanos;
    }

    /**
     * Its session has failed, or was refused.
     *
     * @param why one sentence
     * @return whether that is another reason than the last one
     */
    boolean failed(String why, long nowNanos) {
      boolean isNew = !why.equals(reason);
      if (runs && nowNanos - startedNanos >= STEADY.toNanos()) {
        attempt = 0;
      }
      runs = false;
      reason = why;
      attempt++;
      retryNanos = nowNanos + BACKOFF.delay(attempt).toNanos();
      return isNew;
    }
  }

  /** A stream is to run from now on, in place of another one of its id. */
  void add(Posted posted, long nowNanos) {
    posted.retryNanos = nowNanos;
    wanted.put(posted.stream.streamId(), posted);
  }

  /** Returns whether this one is to run: no other of its id took its place, nobody ended it. */
  boolean isWanted(Posted posted) {
    return posted.equals(wanted.get(posted.stream.streamId()));
  }

  /** Returns whether a stream of this id is to run. */
  boolean has(String id) {
    return wanted.containsKey(id);
  }

  /** A stream is not to run any more; false when it was not. */
  boolean remove(String id) {
    return wanted.remove(id) != null;
  }

  /** None is to run any more; returns the ids of those that were. */
  List<String> clear() {
    List<String> ids = List.copyOf(wanted.keySet());
    wanted.clear();
    return ids;
  }

  /** Those that are to be started now, ordered by id. */
  List<Posted> due(long nowNanos) {
    return wanted.values().stream()
        .filter(posted -> !posted.runs && nowNanos - posted.retryNanos >= 0)
        .toList();
  }

  /** One sentence for each that is to run and does not, ordered by id. */
  List<String> troubles() {
    return wanted.values().stream()
        .filter(posted -> !posted.runs)
        .map(
            posted ->
                "stream %s does not run: %s; tried again after %d s"
                    .formatted(
                        posted.stream.streamId(),
                        posted.reason,
                        BACKOFF.delay(Math.max(1, posted.attempt)).toSeconds()))
        .toList();
  }
}
