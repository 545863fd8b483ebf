package babelmux.worker.streams;

import babelmux.worker.config.WorkerConfig;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.state.SavedDestination;
import babelmux.worker.state.SavedState;
import babelmux.worker.state.SavedStream;
import babelmux.worker.state.StateDirectory;
import babelmux.worker.state.StateKeeper;
import babelmux.worker.streams.PostedStreams.Posted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
 * though it should is started again. What was asked for is done first, and then waits at most
 * {@link StateKeeper#PATIENCE} for the disk. Thread-safe; has one thread of its own, and the
 * keeper's.
 */
public final class StreamControl implements StreamDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamControl.class);
  private static final long TICK_SECONDS = 1;
  private static final long RESTORE_SECONDS = 2;
  private static final long CLOSE_SECONDS = 5;

  /** A stream of before a restart that is not there after so long is over. */
  static final Duration AWAITED = Duration.ofMinutes(10);

  private static final CompletableFuture<Boolean> NOT_KEPT =
      CompletableFuture.completedFuture(false);

  private volatile WorkerConfig config;
  private final StreamRegistry registry;
  private final HostGuard guard;
  private final DestinationControl destinations;
  private final @Nullable StateKeeper keeper;
  private final LongSupplier nanoTime;
  // Held while something is done and its writing is asked for, so that both have the same order;
  // never while the disk is used.
  private final Object writing = new Object();
  // All of these are guarded by writing.
  private final PostedStreams posted = new PostedStreams();
  private boolean restored;
  private boolean reading;
  private @Nullable String unread;
  private long restoreNanos;
  private final long begunNanos;
  private boolean drained;
  // A drain forgets what is not read yet, also when it is taken back before that.
  private boolean wasDrained;

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
    this.destinations =
        new DestinationControl(
            registry, HostGuard.ofDestinations(config.output().destinationsAllow()));
    this.keeper = state == null ? null : new StateKeeper(state, nanoTime);
    this.nanoTime = nanoTime;
    this.restored = state == null;
    this.restoreNanos = nanoTime.getAsLong();
    this.begunNanos = restoreNanos;
    if (keeper != null) {
      registry.added().keepIn(storeOf(keeper));
    }
    if (state != null) {
      unread = "what %s holds is not started yet".formatted(state);
      tell();
    }
  }

  private static AddedDestinations.Store storeOf(StateKeeper keeper) {
    return new AddedDestinations.Store() {
      @Override
      public void save(SavedDestination destination) {
        keeper.save(destination);
      }

      @Override
      public void remove(String streamId, String name) {
        keeper.remove(streamId, name);
      }
    };
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
      if (!first.await(RESTORE_SECONDS, TimeUnit.SECONDS) || isReading()) {
        log.warn("{} was not read in time: the worker goes on without it", keeper);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReading() {
    synchronized (writing) {
      return reading;
    }
  }

  /** Starts what is due, and has written again what could not be written. */
  void tick() {
    synchronized (writing) {
      restore();
    }
    settle();
    synchronized (writing) {
      posted.due(nanoTime.getAsLong()).forEach(this::startAgain);
      if (nanoTime.getAsLong() - begunNanos >= AWAITED.toNanos()) {
        registry.added().forgetUnclaimed(posted::has);
      }
      if (keeper != null) {
        keeper.retry();
      }
    }
    settle();
  }

  /** What was asked for is done: waits a moment for the disk, which may take longer. */
  private void settle() {
    if (keeper != null) {
      keeper.settle();
    }
    synchronized (writing) {
      tell();
    }
  }

  /** Has read what was kept until all of it could be read. Under the lock; returns at once. */
  private void restore() {
    StateKeeper state = keeper;
    long now = nanoTime.getAsLong();
    if (state == null || restored || reading || now - restoreNanos < 0) {
      return;
    }
    reading = true;
    restoreNanos = now + StateKeeper.RETRY.toNanos();
    state.read(read -> restore(state, read), e -> notRead(state, e));
  }

  private void notRead(StateKeeper state, IOException failure) {
    synchronized (writing) {
      reading = false;
      unread = notRestored("%s cannot be read: %s".formatted(state, failure));
    }
  }

  private void restore(StateKeeper state, SavedState read) {
    synchronized (writing) {
      reading = false;
      SavedState saved = state.wanted(read);
      restored = saved.skipped().isEmpty();
      unread = restored ? null : notRestored(String.join("; ", saved.skipped()));
      if (saved.drained() && !drained) {
        drained = true;
        registry.drainAll();
        log.warn(
            "new streams are refused: POST /v1/drain drained this worker before it was started"
                + " again; DELETE /v1/drain takes that back");
      }
      long now = nanoTime.getAsLong();
      for (SavedStream stream : saved.streams()) {
        String id = stream.streamId();
        if (posted.has(id)) {
          log.debug("stream {} was posted again in the meantime", id);
        } else if (drained || wasDrained) {
          log.info("stream {} is not started: it was drained", id);
          state.remove(id);
        } else {
          posted.add(new Posted(stream), now);
        }
      }
      if (drained || wasDrained) {
        saved.destinations().forEach(kept -> state.remove(kept.streamId(), kept.name()));
      } else {
        // Before the posted streams are started.
        registry.restore(saved.destinations());
      }
      wasDrained = false;
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
  public Set<String> ids() {
    return registry.shownIds();
  }

  @Override
  public JournalFeed journal() {
    return registry.journal();
  }

  @Override
  public WorkerLoad load() {
    return registry.load();
  }

  @Override
  public Optional<StreamCaptions> captions(String id) {
    return registry.captions(id);
  }

  @Override
  public Optional<StreamDebug> debug(String id) {
    return registry.debug(id);
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
    // The port is open before that is done: a drain and what was posted before come first.
    boolean first;
    synchronized (writing) {
      restore();
      first = reading;
    }
    if (first) {
      settle();
    }
    StartVerdict verdict = startPosted(request);
    settle();
    return verdict;
  }

  private StartVerdict startPosted(StreamRequest request) {
    synchronized (writing) {
      SavedStream saved = new SavedStream(request.streamId(), request.source());
      Posted stream = new Posted(saved);
      StartVerdict verdict = registry.start(request, end -> over(stream, end));
      if (verdict instanceof StartVerdict.Started) {
        long now = nanoTime.getAsLong();
        posted.add(stream, now);
        stream.started(now);
        keep(state -> state.save(saved));
      }
      return verdict;
    }
  }

  @Override
  public boolean end(String id, boolean now) {
    boolean wanted;
    CompletableFuture<Boolean> kept = NOT_KEPT;
    synchronized (writing) {
      boolean ended = registry.end(id, now);
      registry.added().forget(id);
      boolean toRun = posted.remove(id);
      wanted = ended || toRun;
      // One of a file that cannot be read, or is not read yet, has nothing but its file.
      if (keeper != null && (toRun || !restored)) {
        kept = keeper.remove(id);
      }
    }
    settle();
    // A disk that does not answer leaves it open: it is forgotten then, if it was kept.
    return wanted || kept.getNow(true);
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
  public DestinationVerdict add(DestinationRequest request) throws InterruptedException {
    DestinationVerdict verdict = destinations.add(request);
    settle();
    return verdict;
  }

  @Override
  public DestinationVerdict removeDestination(String id, String name) throws InterruptedException {
    DestinationVerdict verdict = destinations.remove(id, name);
    settle();
    return verdict;
  }

  @Override
  public int drainAll() {
    int leaving;
    synchronized (writing) {
      leaving = registry.drainAll();
      drained = true;
      registry.added().forgetAll();
      keep(state -> state.drained(true));
      posted.clear().forEach(id -> keep(state -> state.remove(id)));
      if (keeper != null) {
        // What was never started has its file, too.
        restored = false;
        wasDrained = true;
        restoreNanos = nanoTime.getAsLong();
        restore();
      }
    }
    settle();
    return leaving;
  }

  @Override
  public boolean acceptAgain() {
    boolean accepted;
    synchronized (writing) {
      accepted = registry.acceptAgain();
      if (accepted) {
        drained = false;
        keep(state -> state.drained(false));
      }
    }
    settle();
    return accepted;
  }

  /** One change of what is kept. */
  private interface Change {
    void ask(StateKeeper state);
  }

  private void keep(Change change) {
    StateKeeper state = keeper;
    if (state != null) {
      change.ask(state);
    }
  }

  /** Waits for what is being written, at most some seconds. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("looking after the posted streams did not end in {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (keeper != null) {
      keeper.close();
    }
  }
}
