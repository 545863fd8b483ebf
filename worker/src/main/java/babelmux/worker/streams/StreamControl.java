package babelmux.worker.streams;

import babelmux.worker.config.WorkerConfig;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.state.SavedState;
import babelmux.worker.state.SavedStream;
import babelmux.worker.state.StateDirectory;
import babelmux.worker.state.StateKeeper;
import babelmux.worker.streams.PostedStreams.Posted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the API may do with the streams of a registry, and what of it survives a restart: posted
 * streams until they end, and a drain until it is taken back. A posted stream that does not run
 * though it should is started again. Thread-safe; has one thread of its own.
 */
public final class StreamControl implements StreamDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamControl.class);
  private static final long TICK_SECONDS = 1;
  private static final long RESTORE_SECONDS = 2;
  private static final long CLOSE_SECONDS = 5;

  private volatile WorkerConfig config;
  private final StreamRegistry registry;
  private final HostGuard guard;
  private final @Nullable StateKeeper keeper;
  private final LongSupplier nanoTime;
  // Held while something is done and written, so that both have the same order.
  private final Object writing = new Object();
  // All of these are guarded by writing.
  private final PostedStreams posted = new PostedStreams();
  private boolean restored;
  private @Nullable String unread;
  private long restoreNanos;
  private boolean drained;

  private volatile List<Trouble> troubles = List.of();
  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(
          1, StreamControl::thread, new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param state closed with this; null keeps nothing
   */
  public StreamControl(
      WorkerConfig config, StreamRegistry registry, @Nullable StateDirectory state) {
    this(config, registry, state, System::nanoTime);
  }

  /**
   * @param nanoTime monotonic clock, nanoseconds
   */
  StreamControl(
      WorkerConfig config,
      StreamRegistry registry,
      @Nullable StateDirectory state,
      LongSupplier nanoTime) {
    this.config = config;
    this.registry = registry;
    this.guard = HostGuard.ofSources(config.sources().allow());
    this.keeper = state == null ? null : new StateKeeper(state, nanoTime);
    this.nanoTime = nanoTime;
    this.restored = state == null;
    this.restoreNanos = nanoTime.getAsLong();
    if (state != null) {
      unread = "what %s holds is not started yet".formatted(state);
      tell();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "state");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Brings back what was kept, and sees to the posted streams from then on. Waits for the first
   * look at what was kept, but at most some seconds: a disk that does not answer holds up nobody.
   */
  public void start() {
    CountDownLatch first = new CountDownLatch(1);
    worker.scheduleWithFixedDelay(
        () -> {
          try {
            tick();
          } catch (RuntimeException | Error e) {
            // One that is thrown on would be the last look.
            log.error("looking after the posted streams failed", e);
          } finally {
            first.countDown();
          }
        },
        0,
        TICK_SECONDS,
        TimeUnit.SECONDS);
    try {
      if (!first.await(RESTORE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} was not read in {} s: the worker goes on without it", keeper, RESTORE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts what is due, and writes what could not be written. May block on the disk. */
  void tick() {
    synchronized (writing) {
      restore();
      posted.due(nanoTime.getAsLong()).forEach(this::startAgain);
      if (keeper != null) {
        keeper.retry();
      }
      tell();
    }
  }

  /** Reads what was kept until all of it could be read. */
  private void restore() {
    StateKeeper state = keeper;
    long now = nanoTime.getAsLong();
    if (state == null || restored || now - restoreNanos < 0) {
      return;
    }
    restoreNanos = now + StateKeeper.RETRY.toNanos();
    SavedState saved;
    try {
      saved = state.read();
    } catch (IOException e) {
      unread = notRestored("%s cannot be read: %s".formatted(state, e));
      return;
    }
    restored = saved.skipped().isEmpty();
    unread = restored ? null : notRestored(String.join("; ", saved.skipped()));
    if (saved.drained() && !drained) {
      drained = true;
      registry.drainAll();
      log.warn(
          "new streams are refused: POST /v1/drain drained this worker before it was started"
              + " again; DELETE /v1/drain takes that back");
    }
    for (SavedStream stream : saved.streams()) {
      String id = stream.streamId();
      if (drained) {
        log.info("stream {} is not started: it was drained", id);
        state.remove(id);
      } else if (!posted.has(id)) {
        // Else it was posted again in the meantime.
        posted.add(new Posted(stream), now);
      }
    }
  }

  private static String notRestored(String why) {
    return why + "; tried again every " + StateKeeper.RETRY.toSeconds() + " s";
  }

  private void startAgain(Posted stream) {
    SavedStream saved = stream.stream();
    String id = saved.streamId();
    StartVerdict verdict;
    try {
      verdict =
          config.sources().allow().isEmpty()
              ? new StartVerdict.Refused(
                  StartVerdict.Reason.NOT_ALLOWED, "sources.allow is not set")
              : registry.start(new StreamRequest(id, saved.source()), end -> over(stream, end));
    } catch (RuntimeException | Error e) {
      // A thread that cannot be created is an OutOfMemoryError: the others are started all the
      // same.
      log.error("posted stream {} cannot start", id, e);
      stream.failed(e.toString(), nanoTime.getAsLong());
      return;
    }
    if (verdict instanceof StartVerdict.Refused refused) {
      if (stream.failed(refused.message(), nanoTime.getAsLong())) {
        log.warn("posted stream {} is not started: {}", id, refused.message());
      }
    } else {
      stream.started(nanoTime.getAsLong());
    }
  }

  /** A session is over; called under the registry's lock. */
  private void over(Posted stream, PostedEnd end) {
    worker.execute(() -> ended(stream, end));
  }

  private void ended(Posted stream, PostedEnd end) {
    synchronized (writing) {
      if (!posted.isWanted(stream)) {
        return;
      }
      String id = stream.stream().streamId();
      if (end.isFinal()) {
        posted.remove(id);
        keep(state -> state.remove(id));
      } else {
        if (stream.failed(end.reason(), nanoTime.getAsLong())) {
          log.warn("posted stream {} has failed and is started again: {}", id, end.reason());
        }
      }
      tell();
    }
  }

  /** What is not as it should be with what the API asked for; empty when all is well. */
  public List<Trouble> troubles() {
    return troubles;
  }

  /** Takes other credentials for streams that start from now on. */
  public void use(WorkerConfig changed) {
    config = changed;
    registry.use(changed);
  }

  private void tell() {
    List<Trouble> now = new ArrayList<>();
    String restoring = unread;
    if (restoring != null) {
      now.add(new Trouble("restore", restoring));
    }
    posted.troubles().forEach(reason -> now.add(new Trouble("posted", reason)));
    if (keeper != null) {
      keeper.trouble().ifPresent(reason -> now.add(new Trouble("state-dir", reason)));
    }
    troubles = List.copyOf(now);
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
    WorkerConfig used = config;
    String output =
        used.output()
            .urlTemplate()
            .resolve(used.mediaMtx().rtmpUrl(), request.streamId(), used.languages());
    if (request.source().isSameResource(output)) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.INVALID,
          "sourceUrl: \"%s\": expected another one than the stream's output"
              .formatted(request.source()));
    }
    try {
      guard.admit(request.source().host());
    } catch (HostNotAllowed e) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.NOT_ALLOWED, String.valueOf(e.getMessage()));
    }
    synchronized (writing) {
      // The port is open before that is done: a drain and what was posted before come first.
      restore();
      SavedStream saved = new SavedStream(request.streamId(), request.source());
      Posted stream = new Posted(saved);
      StartVerdict verdict = registry.start(request, end -> over(stream, end));
      if (verdict instanceof StartVerdict.Started) {
        long now = nanoTime.getAsLong();
        posted.add(stream, now);
        stream.started(now);
        keep(state -> state.save(saved));
      }
      tell();
      return verdict;
    }
  }

  @Override
  public boolean end(String id, boolean now) {
    synchronized (writing) {
      boolean ended = registry.end(id, now);
      boolean wanted = posted.remove(id);
      // One of a file that cannot be read has nothing but its file.
      boolean kept = keeper != null && keeper.has(id);
      if (wanted || kept) {
        keep(state -> state.remove(id));
      }
      tell();
      return ended || wanted || kept;
    }
  }

  // Neither waits for a disk: what is on air cannot wait.
  @Override
  public AirVerdict bypass(String id, BypassRequest request) {
    return registry.bypass(id, request);
  }

  @Override
  public AirVerdict veto(String id, long slot) {
    return registry.veto(id, slot);
  }

  @Override
  public int drainAll() {
    synchronized (writing) {
      int leaving = registry.drainAll();
      drained = true;
      keep(state -> state.drained(true));
      posted.clear().forEach(id -> keep(state -> state.remove(id)));
      if (keeper != null) {
        // What was never started has its file, too.
        restored = false;
        restoreNanos = nanoTime.getAsLong();
        restore();
      }
      tell();
      return leaving;
    }
  }

  @Override
  public boolean acceptAgain() {
    synchronized (writing) {
      boolean accepted = registry.acceptAgain();
      if (accepted) {
        drained = false;
        keep(state -> state.drained(false));
      }
      tell();
      return accepted;
    }
  }

  /** One change of what is kept. */
  private interface Change {
    void make(StateKeeper state);
  }

  private void keep(Change change) {
    StateKeeper state = keeper;
    if (state != null) {
      change.make(state);
    }
  }

  /** Waits for what is being written, at most some seconds. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} was not written in {} s", keeper, CLOSE_SECONDS);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (keeper != null) {
      keeper.close();
    }
  }
}
