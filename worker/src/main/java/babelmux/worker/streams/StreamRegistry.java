package babelmux.worker.streams;

import babelmux.hooks.Direction;
import babelmux.hooks.HookListener;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.Reconciliation;
import babelmux.hooks.SourceEvent;
import babelmux.hooks.SourcePairing;
import babelmux.media.Natives;
import babelmux.worker.config.AdmissionConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.metrics.FailureReason;
import babelmux.worker.metrics.RefusalReason;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.recording.Recordings;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.state.SavedDestination;
import babelmux.worker.sts.StsLinks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of this worker: starts and ends them by what hooks and the Control API tell, and
 * admits no more than it may. Thread-safe; the hook methods do not block.
 */
public final class StreamRegistry implements HookListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamRegistry.class);
  private static final int REMEMBERED = 1000;
  private static final Duration SOURCES_REMEMBERED = Duration.ofMinutes(5);

  /** When whoever was refused for lack of room, or by a drain, may ask again. */
  public static final int RETRY_SECONDS = 5;

  /** Of streams that nobody runs. */
  static final JournalFeed NO_EVENTS = new JournalFeed();

  private final StreamFactory factory;
  private final Consumer<RefusalReason> refused;
  private final Runnable countEviction;
  private final Consumer<FailureReason> failed;
  private final SourcePairing pairing =
      new SourcePairing(SOURCES_REMEMBERED, 10 * REMEMBERED, System::nanoTime);
  private final StreamTable streams = new StreamTable();
  private final FinishedStreams finished;
  private final Places places;
  private final AddedDestinations added = new AddedDestinations();
  private final MemoryLimit memoryLimit = new MemoryLimit(Path.of("/"));
  // Sources for which there is no room before a session of their id is over.
  private final Map<String, SourceEvent> waiting = new HashMap<>();
  private final Set<String> refusedPaths = new HashSet<>();
  // Input paths on which the last listing of the Control API has a source.
  private Set<String> listedPaths = Set.of();
  private boolean sourcesMissed;
  // By the API, which can take it back.
  private boolean drained;
  private boolean shuttingDown;
  // Of those that leave when the worker is shut down: they do not end because of that.
  private final Set<StreamHandle> leftBefore = new HashSet<>();
  private final Set<StreamHandle> givenUp = new HashSet<>();

  /**
   * What the API asked for.
   *
   * @param whenOver is told when the session is over, but not when it ends because the worker shuts
   *     down; called while the registry is locked
   */
  private record Posting(SourceUrl source, Consumer<PostedEnd> whenOver) {}

  /** Starts a stream: returns at once, begins on another thread. */
  @FunctionalInterface
  interface StreamFactory {
    /**
     * @param posted what the API asked to be read; null for a source on MediaMTX
     * @param outputFree complete when nothing else publishes to the stream's destinations
     * @param whenOver to be called when the session is over
     */
    StreamHandle start(
        SourceEvent source,
        @Nullable SourceUrl posted,
        CompletableFuture<Void> outputFree,
        Runnable whenOver);

    /** Takes other settings for streams that start from now on. Any thread. */
    default void use(WorkerConfig changed) {}

    /** The journal events of all its streams; the same object every time. */
    default JournalFeed journal() {
      return NO_EVENTS;
    }
  }

  /**
   * The registry of a worker with these settings.
   *
   * @param links null when nothing is to be dubbed
   * @param recordings null when nothing is to be recorded
   */
  public static StreamRegistry of(
      WorkerConfig config,
      WorkerMetrics metrics,
      @Nullable StsLinks links,
      @Nullable Recordings recordings,
      Executor pool) {
    LatenessWatch lateness = new LatenessWatch(System::nanoTime);
    AdmissionConfig admission = config.admission();
    MemoryLimit limit = new MemoryLimit(Path.of("/"));
    MemoryReader reader = new MemoryReader(limit::bytes, Natives::residentBytes, System::nanoTime);
    metrics.memoryLimit(() -> asDouble(limit.bytes()));
    if (admission.memory()) {
      reader.logLimit();
    }
    Supplier<Memory> memory = admission.memory() ? reader : () -> Memory.UNLIMITED;
    return new StreamRegistry(
        new SessionFactory(
            config, metrics, links, recordings, lateness, pool, startExecutor(), Clock.systemUTC()),
        config.limits().maxStreams(),
        streams ->
            Capacity.shortage(
                new Capacity.Load(streams, memory.get(), lateness.isLate()),
                admission,
                config.delay().delay()),
        config.metrics().linger(),
        metrics.service()::streamRefused,
        metrics.service()::streamEvicted,
        metrics.service()::streamFailed);
  }

  private static double asDouble(OptionalLong bytes) {
    return bytes.isPresent() ? bytes.getAsLong() : Double.POSITIVE_INFINITY;
  }

  /** One after another, so that a burst of hooks cannot start everything at once. */
  private static Executor startExecutor() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StreamRegistry::startThread);
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  private static Thread startThread(Runnable work) {
    Thread thread = new Thread(work, "stream-start");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * @param maxStreams streams that run at the same time
   * @param capacity what is lacking for one more stream beside those given; must not block
   * @param linger how long an ended stream is still shown
   * @param refused receives the reason of each refusal, for metrics
   * @param countEviction called for each stream that was ended in favour of another, for metrics
   * @param failed receives the reason of each stream that was given up otherwise, for metrics
   */
  StreamRegistry(
      StreamFactory factory,
      int maxStreams,
      Function<List<Capacity.Running>, Optional<Shortage>> capacity,
      Duration linger,
      Consumer<RefusalReason> refused,
      Runnable countEviction,
      Consumer<FailureReason> failed) {
    this.factory = factory;
    this.finished = new FinishedStreams(linger);
    this.places = new Places(streams, maxStreams, capacity);
    this.refused = refused;
    this.countEviction = countEviction;
    this.failed = failed;
  }

  /** Takes other credentials for streams that start from now on. */
  public void use(WorkerConfig changed) {
    factory.use(changed);
  }

  @Override
  public synchronized HookVerdict ready(SourceEvent event) {
    return switch (pairing.ready(event.path(), event.sourceId())) {
      case SKIP -> new HookVerdict.Skipped("this source has left already");
      case DUPLICATE, ADOPT, START -> {
        StreamHandle stream = streams.newest(event.streamId());
        if (stream != null) {
          stream.serverAnswers();
        }
        yield startOrAdopt(event);
      }
      case STOP, IGNORE -> new HookVerdict.Skipped("another source is on this path");
    };
  }

  private HookVerdict startOrAdopt(SourceEvent event) {
    StreamHandle stream = streams.newest(event.streamId());
    if (stream == null || stream.isLeaving()) {
      return start(event, stream);
    }
    SourceEvent current = stream.source();
    if (!current.path().equals(event.path())) {
      return refuse(
          event,
          RefusalReason.ID_IN_USE,
          "id_in_use",
          "stream id %s is in use by %s"
              .formatted(
                  event.streamId(),
                  stream.isPosted() ? "a stream of POST /v1/streams" : "path " + current.path()));
    }
    boolean reads = current.sourceId().equals(event.sourceId()) && !stream.isSourceLost();
    return reads || stream.sourceIs(event) ? new HookVerdict.Started() : start(event, stream);
  }

  /**
   * Starts a session.
   *
   * @param old the id's session that reads no more, while its last packets leave; null when there
   *     is none
   */
  private HookVerdict start(SourceEvent event, @Nullable StreamHandle old) {
    if (isDraining()) {
      return refuse(event, RefusalReason.DRAINING, "draining", drainingMessage());
    }
    boolean waits = places.isFull() || streams.leaving(event.streamId()) != null;
    if (old != null && waits) {
      waiting.put(event.streamId(), event);
      return new HookVerdict.Started();
    }
    if (old == null) {
      Shortage shortage = makeRoom(event);
      if (shortage != null) {
        return refuse(event, shortage.reason(), code(shortage.reason()), shortage.message());
      }
    }
    refusedPaths.remove(event.path());
    launch(event, null, old);
    return new HookVerdict.Started();
  }

  private StreamHandle launch(
      SourceEvent event, @Nullable Posting posting, @Nullable StreamHandle old) {
    StreamHandle before = old == null ? streams.leaving(event.streamId()) : old;
    boolean bypassed = isBypassed(event.streamId(), before);
    finished.remove(event.streamId());
    AtomicReference<@Nullable StreamHandle> started = new AtomicReference<>();
    StreamHandle stream =
        factory.start(
            event,
            posting == null ? null : posting.source(),
            before == null ? CompletableFuture.completedFuture(null) : before.outputOver(),
            () -> over(event, posting, started.get()));
    started.set(stream);
    if (bypassed) {
      stream.bypass(new BypassRequest(true, null));
      log.info("stream {} begins bypassed, as the one before it was", event.streamId());
    }
    // Not before: it may throw, and then the old one is the newest still.
    if (old != null) {
      // What the new session takes, the old one gives back.
      streams.leave(event.streamId(), old);
    }
    streams.add(event.streamId(), stream);
    added.claim(event.streamId()).forEach(stream::addOnceBegun);
    return stream;
  }

  /** The destinations that the API has added. */
  AddedDestinations added() {
    return added;
  }

  /** What was kept of added destinations is read: streams that run already are sent there, too. */
  synchronized void restore(List<SavedDestination> kept) {
    for (DestinationRequest request : added.restore(kept)) {
      StreamHandle stream = streams.newest(request.streamId());
      if (stream != null) {
        added.claim(request.streamId());
        stream.addOnceBegun(request);
      }
    }
  }

  /**
   * Returns whether the dubs of the session before are off air: what an operator took off air does
   * not come back because a source was away for too long.
   */
  private boolean isBypassed(String id, @Nullable StreamHandle before) {
    if (before != null) {
      return before.status().bypass().active();
    }
    finished.forgetOld();
    return finished.get(id).map(last -> last.bypass().active()).orElse(false);
  }

  private boolean isDraining() {
    return drained || shuttingDown;
  }

  private String drainingMessage() {
    return shuttingDown
        ? "this worker is shutting down"
        : "this worker drains (POST /v1/drain): DELETE /v1/drain takes that back";
  }

  private static StartVerdict.Reason reason(RefusalReason shortage) {
    return switch (shortage) {
      case MEMORY -> StartVerdict.Reason.MEMORY;
      case CPU -> StartVerdict.Reason.CPU;
      default -> StartVerdict.Reason.FULL;
    };
  }

  /**
   * Starts a stream that the API asks for; no hook and no listing ends it. Does not block.
   *
   * @param whenOver is told when the stream is over, but not when it ends because the worker shuts
   *     down; called while the registry is locked: must not block
   */
  synchronized StartVerdict start(StreamRequest request, Consumer<PostedEnd> whenOver) {
    String id = request.streamId();
    StreamHandle old = streams.newest(id);
    boolean leaves = old != null && old.isLeaving() && streams.leaving(id) == null;
    if ((old != null && !leaves) || waiting.containsKey(id)) {
      refused.accept(RefusalReason.ID_IN_USE);
      return new StartVerdict.Refused(
          StartVerdict.Reason.ID_IN_USE,
          "stream id %s is in use: expected one that no stream has, or DELETE /v1/streams/%s before"
              .formatted(id, id));
    }
    if (isDraining()) {
      refused.accept(RefusalReason.DRAINING);
      return new StartVerdict.Refused(StartVerdict.Reason.DRAINING, drainingMessage());
    }
    SourceEvent event = posted(id);
    Shortage shortage = old == null ? makeRoom(event) : places.isFull() ? places.full() : null;
    if (shortage != null) {
      refused.accept(shortage.reason());
      return new StartVerdict.Refused(reason(shortage.reason()), shortage.message());
    }
    return new StartVerdict.Started(
        launch(event, new Posting(request.source(), whenOver), old).status());
  }

  /** A posted stream has no path on MediaMTX, and so no hook or listing is about it. */
  private static SourceEvent posted(String id) {
    return new SourceEvent("", id, Direction.IN, "", "", "", "posted-" + UUID.randomUUID());
  }

  /** Programs know a full worker by another word than metrics do. */
  private static String code(RefusalReason reason) {
    return reason == RefusalReason.FULL ? "at_capacity" : reason.label();
  }

  /**
   * Ends a stream whose source was never opened, when the new one needs its place.
   *
   * @return what the new stream is refused for; null when it is taken
   */
  private @Nullable Shortage makeRoom(SourceEvent event) {
    Optional<Shortage> shortage = places.shortage(null);
    if (shortage.isEmpty()) {
      return null;
    }
    Places.Room room = places.room(shortage.get(), listedPaths.contains(event.path()), listedPaths);
    StreamHandle victim = room.victim();
    if (victim != null) {
      streams.evict(victim);
      sourcesMissed = true;
      // Its source starts it again, by the next hook or listing.
      pairing.forget(victim.source().path());
      countEviction.run();
      victim.fail(
          new SessionFailure(
              true,
              "evicted for stream %s: no packet was read, and %s"
                  .formatted(event.streamId(), shortage.get().message())));
    }
    return room.shortage();
  }

  private HookVerdict refuse(SourceEvent event, RefusalReason reason, String code, String message) {
    pairing.forget(event.path());
    refused.accept(reason);
    // Hooks and listings repeat it for as long as the source is there.
    if (refusedPaths.size() >= REMEMBERED) {
      refusedPaths.clear();
    }
    if (refusedPaths.add(event.path())) {
      log.warn("path {} refused: {}", event.path(), message);
    } else {
      log.debug("path {} refused again: {}", event.path(), message);
    }
    return new HookVerdict.Refused(code, reason.label(), message, RETRY_SECONDS);
  }

  @Override
  public synchronized HookVerdict notReady(SourceEvent event) {
    switch (pairing.notReady(event.path(), event.sourceId())) {
      case STOP -> {
        waiting.remove(event.streamId());
        readerOf(event).ifPresent(StreamHandle::sourceGone);
      }
      case ADOPT -> readerOf(event).ifPresent(StreamHandle::sourceAvailable);
      default -> log.debug("stream {}: not-ready of another source", event.streamId());
    }
    return new HookVerdict.Stopped();
  }

  /** The stream that reads the event's path: another one may have its id by now. */
  private Optional<StreamHandle> readerOf(SourceEvent event) {
    return Optional.ofNullable(streams.newest(event.streamId()))
        .filter(stream -> stream.source().path().equals(event.path()));
  }

  /** A session is over. */
  private synchronized void over(
      SourceEvent first, @Nullable Posting posting, @Nullable StreamHandle stream) {
    String id = first.streamId();
    streams.forgetEvicted(stream);
    boolean newest = stream != null && streams.removeNewest(id, stream);
    if (stream == null || (!newest && !streams.removeLeaving(id, stream))) {
      return;
    }
    finished.forgetOld();
    boolean wasGivenUp = givenUp.remove(stream);
    countFailure(stream.status(), wasGivenUp);
    boolean byItself = leftBefore.remove(stream) || !shuttingDown;
    boolean isFinal = byItself;
    if (posting != null && byItself) {
      PostedEnd end = PostedEnd.of(stream.status(), stream.hasRead(), wasGivenUp);
      isFinal = end.isFinal();
      posting.whenOver().accept(end);
    }
    if (newest) {
      finished.add(stream.status(), stream.debug());
    }
    SourceEvent next = waiting.remove(id);
    if (newest && isFinal && next == null) {
      added.forget(id);
    }
    if (next != null) {
      startOrAdopt(next);
    } else if (newest) {
      pairing.forget(stream.source().path());
    }
  }

  private void countFailure(StreamStatus last, boolean wasGivenUp) {
    if (last.state() != StreamState.FAILED) {
      return;
    }
    StreamStatus.Reason reason = last.reason();
    boolean ofSource = reason != null && reason.blame() == Blame.SOURCE;
    failed.accept(
        wasGivenUp
            ? FailureReason.ANOTHER_WORKER
            : ofSource ? FailureReason.SOURCE : FailureReason.OURS);
  }

  /** Sessions as a comparison with the Control API sees them. */
  synchronized List<Reconciliation.Running> forReconciliation(long askedAtNanos) {
    List<Reconciliation.Running> sessions = new ArrayList<>();
    for (StreamHandle stream : streams.newest()) {
      if (stream.isPosted()) {
        continue;
      }
      String path = stream.source().path();
      sessions.add(
          new Reconciliation.Running(
              path,
              // A source that is there needs another session than one that reads no more.
              stream.isLeaving() ? null : pairing.current(path).orElse(null),
              stream.lastReadNanos() - askedAtNanos >= 0,
              stream.startedNanos()));
    }
    return sessions;
  }

  /**
   * Starts what the Control API lists and no hook told, and ends what it does not list any more.
   */
  synchronized void reconcile(Reconciliation difference, long askedAtNanos) {
    listedPaths = difference.listed();
    streams.newest().stream()
        .filter(stream -> stream.isSourceLost() && listedPaths.contains(stream.source().path()))
        .forEach(StreamHandle::sourceAvailable);
    for (Reconciliation.Candidate candidate :
        isDraining() ? List.<Reconciliation.Candidate>of() : difference.start()) {
      switch (pairing.listed(candidate.path(), candidate.sourceId(), askedAtNanos)) {
        case START, ADOPT, DUPLICATE -> startOrAdopt(event(candidate));
        default -> {}
      }
    }
    for (String path : difference.end()) {
      pairing
          .current(path)
          .ifPresent(
              sourceId -> {
                pairing.notReady(path, sourceId);
                waiting.values().removeIf(event -> event.path().equals(path));
                streams.newest().stream()
                    .filter(stream -> stream.source().path().equals(path))
                    .forEach(stream -> stream.sourceGone());
              });
    }
  }

  private static SourceEvent event(Reconciliation.Candidate candidate) {
    return new SourceEvent(
        candidate.path(),
        candidate.streamId(),
        Direction.IN,
        candidate.sourceType(),
        candidate.sourceId(),
        candidate.query(),
        "reconcile-" + UUID.randomUUID());
  }

  /** All streams, running and recently ended, ordered by id. */
  public synchronized List<StreamStatus> list() {
    finished.forgetOld();
    List<StreamStatus> all = new ArrayList<>();
    streams.all().forEach(stream -> all.add(stream.status().withoutSlots()));
    all.addAll(finished.all());
    all.sort(Comparator.comparing(StreamStatus::streamId));
    return all;
  }

  /** Ids of all streams, running and recently ended, in their order. */
  synchronized Set<String> shownIds() {
    finished.forgetOld();
    Set<String> ids = new TreeSet<>(finished.ids());
    streams.all().forEach(stream -> ids.add(stream.source().streamId()));
    return ids;
  }

  /** The journal events of all streams. */
  JournalFeed journal() {
    return factory.journal();
  }

  /** What the worker holds, and may hold. Reads some small files of the kernel's. */
  WorkerLoad load() {
    OptionalLong limit = memoryLimit.bytes();
    return new WorkerLoad(
        Natives.residentBytes(),
        limit.isPresent() ? limit.getAsLong() : null,
        size(),
        places.maxStreams());
  }

  /** The stream with this id, or empty if there is none now nor was recently. */
  synchronized Optional<StreamStatus> get(String id) {
    StreamHandle newest = streams.newest(id);
    StreamHandle stream = newest != null ? newest : streams.leaving(id);
    return stream != null ? Optional.of(stream.status()) : finished.get(id);
  }

  /** As {@link #get}, with all that is known. */
  synchronized Optional<StreamDebug> debug(String id) {
    StreamHandle newest = streams.newest(id);
    StreamHandle stream = newest != null ? newest : streams.leaving(id);
    return stream != null ? Optional.of(stream.debug()) : finished.debug(id);
  }

  /** The words and the output of the session that is on air, or will be next. */
  synchronized Optional<StreamCaptions> captions(String id) {
    StreamHandle leaving = streams.leaving(id);
    StreamHandle stream = leaving != null ? leaving : streams.newest(id);
    return Optional.ofNullable(stream == null ? null : stream.captions());
  }

  /**
   * Takes the dubs of a stream off air, or puts them back; without a time also those of the id's
   * session whose last packets still leave.
   */
  synchronized AirVerdict bypass(String id, BypassRequest request) {
    StreamHandle newest = streams.newest(id);
    StreamHandle old = streams.leaving(id);
    StreamHandle shown = newest == null ? old : newest;
    if (shown == null) {
      return notRunning(id);
    }
    if (old != null && old != shown && request.atMs() == null) {
      old.bypass(request);
    }
    return shown.bypass(request);
  }

  /** Keeps the dub of a slot off air. */
  synchronized AirVerdict veto(String id, long slot) {
    StreamHandle newest = streams.newest(id);
    StreamHandle shown = newest == null ? streams.leaving(id) : newest;
    return shown == null ? notRunning(id) : shown.veto(slot);
  }

  private AirVerdict notRunning(String id) {
    return finished
        .get(id)
        .map(
            last ->
                new AirVerdict.Refused(
                    AirVerdict.Reason.OVER, "the stream is over already: it is " + last.state()))
        .orElseGet(() -> new AirVerdict.Refused(AirVerdict.Reason.NO_STREAM, "no stream " + id));
  }

  /** The stream with this id that runs, or empty if there is none. */
  synchronized Optional<StreamHandle> running(String id) {
    StreamHandle newest = streams.newest(id);
    return Optional.ofNullable(newest != null ? newest : streams.leaving(id));
  }

  /** Drains a stream, or ends it at once; false when there is none. */
  synchronized boolean end(String id, boolean now) {
    StreamHandle stream = streams.newest(id);
    StreamHandle old = streams.leaving(id);
    waiting.remove(id);
    if (stream != null) {
      pairing.dismiss(stream.source().path());
      if (now) {
        stream.stop();
      } else {
        stream.drain();
      }
    }
    if (old != null && now) {
      old.stop();
    }
    return stream != null || old != null;
  }

  /** Drains all streams and accepts no new ones until {@link #acceptAgain}; does not block. */
  synchronized int drainAll() {
    if (!drained) {
      drained = true;
      log.info("draining {} streams, new ones are refused", size());
    }
    waiting.clear();
    for (StreamHandle stream : streams.newest()) {
      // Not dismissed: its source may start it again as soon as streams are accepted.
      pairing.forget(stream.source().path());
      stream.drain();
    }
    return size();
  }

  /** Accepts new streams again; false when the worker is shutting down. */
  synchronized boolean acceptAgain() {
    if (shuttingDown) {
      return false;
    }
    if (drained) {
      drained = false;
      sourcesMissed = true;
      log.info("new streams are accepted again, {} are still draining", size());
    }
    return true;
  }

  /** MediaMTX answers again: outputs there that are down are tried at once. */
  synchronized void serverAnswers() {
    streams.all().forEach(StreamHandle::serverAnswers);
  }

  /** Ids of the streams that run. */
  synchronized Set<String> ids() {
    return streams.ids();
  }

  /** Outputs on MediaMTX whose connections were made and lost. */
  synchronized Set<OutputOutage> outages() {
    Set<OutputOutage> outages = new HashSet<>();
    for (StreamHandle stream : streams.newest()) {
      OutputOutage outage = stream.outage();
      if (outage != null) {
        outages.add(outage);
      }
    }
    return outages;
  }

  /** Outputs that can be read back now. */
  synchronized List<CheckedOutput> checkedOutputs() {
    List<CheckedOutput> outputs = new ArrayList<>();
    for (StreamHandle stream : streams.newest()) {
      CheckedOutput output = stream.checkedOutput();
      if (output != null) {
        outputs.add(output);
      }
    }
    return outputs;
  }

  /** No output is read back any more: what was found holds no longer. */
  synchronized void outputsUnchecked() {
    streams.newest().forEach(StreamHandle::outputUnchecked);
  }

  /** Gives a stream up to another worker; its source starts none here until it has left. */
  synchronized void giveUp(OutputOutage outage) {
    StreamHandle stream = streams.newest(outage.streamId());
    if (stream != null) {
      pairing.dismiss(stream.source().path());
      waiting.remove(outage.streamId());
      givenUp.add(stream);
      stream.fail(
          new SessionFailure(
              false,
              "another worker publishes to %s: expected one worker per MediaMTX"
                  .formatted(outage.path())));
    }
  }

  /** The number of sessions that run, without those that were evicted and are ending. */
  public synchronized int size() {
    return streams.size();
  }

  /**
   * Returns whether sources may be there that no hook tells of again, since this was last asked:
   * streams were evicted, or streams are accepted again. The Control API can tell.
   */
  synchronized boolean takeSourcesMissed() {
    boolean was = sourcesMissed;
    sourcesMissed = false;
    return was;
  }

  /** The reasons that this worker takes no new stream any more; empty when it does. */
  public synchronized List<String> refusals() {
    return isDraining() ? List.of("draining") : List.of();
  }

  /**
   * What a new stream would be refused for just now, as {@code full: } and a sentence; empty when
   * it would be taken.
   */
  public synchronized Optional<String> saturation() {
    return places
        .shortage(null)
        .map(shortage -> places.room(shortage, false, listedPaths).shortage())
        .map(shortage -> shortage.reason().label() + ": " + shortage.message());
  }

  /**
   * Accepts no new streams, stops reading, and lets what was received leave; what has not left by
   * the limit is lost. Blocks.
   *
   * @return whether everything left
   */
  public boolean drain(Duration limit) throws InterruptedException {
    List<StreamHandle> all;
    synchronized (this) {
      all = streams.all();
      if (!shuttingDown) {
        shuttingDown = true;
        all.stream().filter(StreamHandle::isLeaving).forEach(leftBefore::add);
      }
    }
    if (!all.isEmpty()) {
      log.info("draining {} streams, at most {} s", all.size(), limit.toSeconds());
    }
    all.forEach(stream -> stream.drain());
    boolean drained = awaitEnd(all, limit);
    all.forEach(stream -> stream.stop());
    awaitEnd(all, Duration.ofSeconds(10));
    return drained;
  }

  private static boolean awaitEnd(List<StreamHandle> streams, Duration limit)
      throws InterruptedException {
    CompletableFuture<?>[] ends =
        streams.stream().map(stream -> stream.over()).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends everything at once. */
  @Override
  public void close() {
    try {
      drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
