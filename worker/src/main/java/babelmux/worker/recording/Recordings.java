package babelmux.worker.recording;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of a worker: begins one for each stream, and deletes old ones every ten minutes.
 * Whoever makes it closes it.
 */
public final class Recordings implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);
  private static final long SWEEP_MINUTES = 10;

  private final RecorderOptions options;
  private final @Nullable OldRecordings old;
  private final Clock clock;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "record-keep");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param keep how long recordings are kept; null: nothing is deleted
   */
  public Recordings(RecorderOptions options, @Nullable Duration keep, Clock clock) {
    this.options = options;
    this.old = keep == null ? null : new OldRecordings(options.directory(), keep);
    this.clock = clock;
  }

  /** Begins to delete what is old. */
  public void start() {
    if (old != null) {
      sweeper.scheduleWithFixedDelay(() -> sweep(old), 0, SWEEP_MINUTES, TimeUnit.MINUTES);
    }
  }

  private void sweep(OldRecordings recordings) {
    try {
      List<String> deleted = recordings.delete(clock.instant());
      if (!deleted.isEmpty()) {
        log.info(
            "deleted recordings that are older than record.keep: {}", String.join(", ", deleted));
      }
    } catch (IOException | RuntimeException e) {
      log.warn("old recordings could not be deleted: {}", e.toString());
    }
  }

  /** A recorder for a stream's output; whoever gets it closes it. */
  public Recorder open(String streamId, RecordingListener listener) {
    return new Recorder(streamId, options, listener, clock);
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
  }
}
