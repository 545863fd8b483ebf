package babelmux.worker.streams;

import babelmux.worker.config.WorkerConfig;
import babelmux.worker.sources.SourceGuard;
import babelmux.worker.sources.SourceNotAllowed;
import babelmux.worker.state.SavedState;
import babelmux.worker.state.SavedStream;
import babelmux.worker.state.StateDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the API may do with the streams of a registry, and what of it survives a restart: posted
 * streams until they end, and a drain until it is taken back. Thread-safe.
 */
public final class StreamControl implements StreamDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamControl.class);
  private static final long CLOSE_SECONDS = 5;

  private final WorkerConfig config;
  private final StreamRegistry registry;
  private final SourceGuard guard;
  private final @Nullable StateDirectory state;
  // Held while something is done and written, so that both have the same order.
  private final Object writing = new Object();
  private final ThreadPoolExecutor forgetting =
      new ThreadPoolExecutor(
          1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StreamControl::thread);
  private volatile @Nullable String trouble;

  /**
   * @param state closed with this; null keeps nothing
   */
  public StreamControl(
      WorkerConfig config, StreamRegistry registry, @Nullable StateDirectory state) {
    this.config = config;
    this.registry = registry;
    this.guard = SourceGuard.of(config.sources().allow());
    this.state = state;
    forgetting.allowCoreThreadTimeOut(true);
    if (state != null) {
      registry.whenPostedOver(id -> forgetting.execute(() -> forget(id)));
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "state");
    thread.setDaemon(true);
    return thread;
  }

  /** Brings back what was kept. Once, before anything else can start a stream. */
  public void restore() {
    if (state == null) {
      return;
    }
    synchronized (writing) {
      SavedState saved = state.read();
      if (saved.drained()) {
        registry.drainAll();
        log.warn(
            "new streams are refused: POST /v1/drain drained this worker before it was started"
                + " again; DELETE /v1/drain takes that back");
        forgetAll(saved.streams());
        return;
      }
      saved.streams().forEach(this::restore);
    }
  }

  private void restore(SavedStream saved) {
    String id = saved.streamId();
    if (registry.isPosted(id)) {
      // The port was open a moment before: it was posted again.
      return;
    }
    if (config.sources().allow().isEmpty()) {
      log.error("stream {} of {} is not started: sources.allow is not set", id, state);
      return;
    }
    StartVerdict verdict = registry.start(new StreamRequest(id, saved.source()));
    if (verdict instanceof StartVerdict.Refused refused) {
      log.error("stream {} of {} is not started: {}", id, state, refused.message());
    }
  }

  /** The reason that something could not be kept; empty when all is. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  @Override
  public List<StreamStatus> list() {
    return registry.list();
  }

  @Override
  public Optional<StreamStatus> get(String id) {
    return registry.get(id);
  }

  @Override
  public StartVerdict start(StreamRequest request) throws InterruptedException {
    String output =
        config
            .output()
            .urlTemplate()
            .resolve(config.mediaMtx().rtmpUrl(), request.streamId(), config.languages());
    if (request.source().isSameResource(output)) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.INVALID,
          "sourceUrl: \"%s\": expected another one than the stream's output"
              .formatted(request.source()));
    }
    try {
      guard.admit(request.source().host());
    } catch (SourceNotAllowed e) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.NOT_ALLOWED, String.valueOf(e.getMessage()));
    }
    synchronized (writing) {
      StartVerdict verdict = registry.start(request);
      if (verdict instanceof StartVerdict.Started) {
        keep(state -> state.save(new SavedStream(request.streamId(), request.source())));
      }
      return verdict;
    }
  }

  @Override
  public boolean end(String id, boolean now) {
    synchronized (writing) {
      boolean ended = registry.end(id, now);
      // One that was kept and could not be started again has nothing but its file.
      boolean kept = state != null && state.has(id);
      if (ended || kept) {
        keep(state -> state.remove(id));
      }
      return ended || kept;
    }
  }

  @Override
  public int drainAll() {
    synchronized (writing) {
      int leaving = registry.drainAll();
      keep(state -> state.drained(true));
      if (state != null) {
        // Also what could not be started again has its file.
        state.read().streams().forEach(this::remove);
      }
      return leaving;
    }
  }

  @Override
  public boolean acceptAgain() {
    synchronized (writing) {
      boolean accepted = registry.acceptAgain();
      if (accepted) {
        keep(state -> state.drained(false));
      }
      return accepted;
    }
  }

  /** A posted stream is over by itself; the next one of its id may run already. */
  private void forget(String id) {
    synchronized (writing) {
      if (!registry.isPosted(id)) {
        keep(state -> state.remove(id));
      }
    }
  }

  private void forgetAll(List<SavedStream> streams) {
    for (SavedStream stream : streams) {
      log.info("stream {} is not started: it was drained", stream.streamId());
      remove(stream);
    }
  }

  private void remove(SavedStream stream) {
    keep(state -> state.remove(stream.streamId()));
  }

  /** One change of the files. */
  private interface Change {
    void make(StateDirectory state) throws IOException;
  }

  /** A disk that takes nothing costs no stream: it is told in the log and as degraded. */
  private void keep(Change change) {
    StateDirectory directory = state;
    if (directory == null) {
      return;
    }
    try {
      change.make(directory);
      if (trouble != null) {
        trouble = null;
        log.info("{} can be written again; what was told before is not kept", directory);
      }
    } catch (IOException e) {
      trouble = "state-dir %s cannot be written: %s".formatted(directory, e);
      log.error("{}; what the API started or ended last is not as it was after a restart", trouble);
    }
  }

  /** Waits for what is being written, at most some seconds. */
  @Override
  public void close() {
    forgetting.shutdown();
    try {
      if (!forgetting.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} was not written in {} s", state, CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (state != null) {
      state.close();
    }
  }
}
