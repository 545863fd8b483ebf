package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.media.LogFields;
import babelmux.media.Secrets;
import babelmux.worker.session.Bypass;
import babelmux.worker.session.Session;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.session.SessionOptions;
import babelmux.worker.session.Veto;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A stream from the moment in which it was accepted. Its session is made on another thread than the
 * one that accepted it: that one has a hook to answer.
 */
final class ManagedStream implements StreamHandle {
  private static final Logger log = LoggerFactory.getLogger(ManagedStream.class);

  private static final long BEGIN_SECONDS = 5;

  private final StreamSpec work;
  private final Runnable whenOver;
  private final Bypass bypass =
      new Bypass(SessionOptions.LIVE_START, false, InstantSource.system());
  private final long startedNanos = System.nanoTime();
  private final CompletableFuture<StreamResources> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> over =
      begun.thenCompose(stream -> stream.session().over()).exceptionally(failure -> null);
  private final CompletableFuture<Void> outputOver =
      begun.thenCompose(stream -> stream.session().outputOver()).exceptionally(failure -> null);
  private volatile SourceEvent source;
  private volatile boolean leaving;
  // Whether it is being made or never will be; guarded by this.
  private boolean decided;
  private volatile @Nullable StreamStatus last;

  /**
   * @param whenOver called when it could not begin
   */
  ManagedStream(StreamSpec work, SourceEvent source, Runnable whenOver) {
    this.work = work;
    this.source = source;
    this.whenOver = whenOver;
  }

  /** The operator's switch, for its session. */
  Bypass bypass() {
    return bypass;
  }

  /** Makes the session and starts it; a stream that cannot begin has failed. Once, any thread. */
  void begin(Supplier<StreamResources> maker) {
    if (!decide()) {
      return;
    }
    StreamResources made;
    try {
      made = maker.get();
    } catch (RuntimeException | Error e) {
      // A thread that cannot be created is an OutOfMemoryError.
      log.error("stream {} cannot start", work.streamId(), e);
      last = status(StreamState.FAILED, new StreamStatus.Reason(Blame.OURS, e.toString(), true));
      begun.completeExceptionally(e);
      whenOver.run();
      return;
    }
    log.info(
        "stream {} starts: {}",
        work.streamId(),
        work.isPosted()
            ? "posted, " + Secrets.maskUrl(work.sourceUrl())
            : source.sourceType() + " " + source.sourceId());
    begun.complete(made);
    made.session().start();
  }

  /** Returns whether nobody has decided yet that it begins, or that it does not. */
  private synchronized boolean decide() {
    boolean first = !decided;
    decided = true;
    return first;
  }

  private @Nullable StreamResources begunNow() {
    return begun.isCompletedExceptionally() ? null : begun.getNow(null);
  }

  private void whenBegun(Consumer<Session> action) {
    begun.thenAccept(stream -> action.accept(stream.session()));
  }

  @Override
  public SourceEvent source() {
    return source;
  }

  @Override
  public boolean isPosted() {
    return work.isPosted();
  }

  @Override
  public boolean sourceIs(SourceEvent event) {
    StreamResources stream = begunNow();
    if (stream == null ? begun.isDone() : !stream.session().sourceAvailable()) {
      return false;
    }
    source = event;
    if (stream == null) {
      sourceAvailable();
    }
    return true;
  }

  @Override
  public void sourceAvailable() {
    whenBegun(session -> session.sourceAvailable());
  }

  @Override
  public void serverAnswers() {
    begun.thenAccept(StreamResources::serverAnswers);
  }

  @Override
  public void sourceGone() {
    whenBegun(Session::sourceGone);
  }

  @Override
  public boolean hasRead() {
    StreamResources stream = begunNow();
    return stream != null && stream.events().hasRead();
  }

  @Override
  public boolean isSourceLost() {
    StreamResources stream = begunNow();
    return stream != null && stream.events().sourceReason() != null;
  }

  @Override
  public boolean isLeaving() {
    StreamResources stream = begunNow();
    if (stream == null) {
      return leaving || last != null;
    }
    StreamState state = stream.events().state();
    return leaving || state == StreamState.DRAINING || state.isFinal();
  }

  @Override
  public void drain() {
    leaving = true;
    whenBegun(Session::drain);
  }

  @Override
  public void stop() {
    leaving = true;
    whenBegun(Session::stop);
  }

  @Override
  public void fail(SessionFailure reason) {
    leaving = true;
    if (!decide()) {
      whenBegun(session -> session.fail(reason));
      return;
    }
    log.error("stream {} failed: {}", work.streamId(), reason.message());
    Blame blame = reason.ofSource() ? Blame.SOURCE : Blame.OURS;
    last =
        status(
            StreamState.FAILED,
            new StreamStatus.Reason(blame, reason.message(), reason.ofSource()));
    begun.completeExceptionally(new IllegalStateException(reason.message()));
    whenOver.run();
  }

  @Override
  public AirVerdict bypass(BypassRequest request) {
    Long atMs = request.atMs();
    if (atMs == null) {
      bypass.set(request.bypass());
      return new AirVerdict.Switched(shownBypass());
    }
    StreamResources stream = begunNow();
    long nowUs = stream == null ? 0 : stream.outputUs();
    return switch (bypass.setAt(request.bypass(), BypassRequest.micros(atMs), nowUs)) {
      case DONE -> new AirVerdict.Switched(shownBypass());
      case TOO_FAR ->
          new AirVerdict.Refused(
              AirVerdict.Reason.INVALID,
              "at: %d: expected at most %d ms after outputMs, which is %d"
                  .formatted(atMs, Bypass.MAX_AHEAD.toMillis(), Math.floorDiv(nowUs, 1000L)));
      case FULL ->
          new AirVerdict.Refused(
              AirVerdict.Reason.SCHEDULE_FULL,
              "%d switches wait for their time: expected no more; one without \"at\" takes them back"
                  .formatted(Bypass.MAX_SCHEDULED));
    };
  }

  private StreamStatus.Bypass shownBypass() {
    Bypass.State state = bypass.state();
    Long sinceUs = state.sinceUs();
    return new StreamStatus.Bypass(
        state.on(),
        state.since(),
        sinceUs == null ? null : Math.floorDiv(sinceUs, 1000L),
        state.scheduled().stream()
            .map(each -> new StreamStatus.Scheduled(each.on(), Math.floorDiv(each.atUs(), 1000L)))
            .toList());
  }

  @Override
  public AirVerdict veto(long slot) {
    StreamResources stream = begunNow();
    Veto answer = stream == null ? Veto.UNKNOWN : veto(stream, slot);
    return switch (answer) {
      case DONE -> new AirVerdict.Vetoed(slot);
      case UNKNOWN ->
          new AirVerdict.Refused(
              AirVerdict.Reason.NO_SLOT,
              "slot: %d: expected one of \"slots\" in GET /v1/streams/%s"
                  .formatted(slot, work.streamId()));
      case BEGUN ->
          new AirVerdict.Refused(
              AirVerdict.Reason.SLOT_BEGUN,
              "slot %d is being mixed and leaves in a moment: POST /v1/streams/%s/bypass takes it off air"
                  .formatted(slot, work.streamId()));
      case AIRED ->
          new AirVerdict.Refused(
              AirVerdict.Reason.SLOT_AIRED,
              "slot %d has begun to leave, or has left".formatted(slot));
    };
  }

  /** What is logged on the way belongs to this stream. */
  private Veto veto(StreamResources stream, long slot) {
    MDC.put(LogFields.STREAM, work.streamId());
    try {
      return stream.session().veto(slot);
    } finally {
      MDC.remove(LogFields.STREAM);
    }
  }

  @Override
  public @Nullable OutputOutage outage() {
    StreamResources stream = begunNow();
    return stream == null || leaving ? null : stream.outage();
  }

  @Override
  public @Nullable CheckedOutput checkedOutput() {
    StreamResources stream = begunNow();
    return stream == null || leaving ? null : stream.checkedOutput();
  }

  @Override
  public void outputUnchecked() {
    begun.thenAccept(stream -> stream.events().outputUnchecked());
  }

  @Override
  public CompletableFuture<Void> outputOver() {
    return outputOver.copy();
  }

  @Override
  public CompletableFuture<Void> over() {
    return over.copy();
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public long lastReadNanos() {
    StreamResources stream = begunNow();
    return stream == null ? startedNanos : stream.events().lastReadNanos();
  }

  @Override
  public Capacity.Running load() {
    StreamResources stream = begunNow();
    return stream == null ? new Capacity.Running(0, 0) : stream.events().load(System.nanoTime());
  }

  @Override
  public DestinationVerdict add(DestinationRequest request) throws InterruptedException {
    return onceBegun(stream -> stream.add(request));
  }

  @Override
  public void addOnceBegun(DestinationRequest request) {
    begun.thenAccept(
        stream -> {
          if (stream.add(request) instanceof DestinationVerdict.Refused refused) {
            log.warn(
                "stream {} is not sent to {} again: {}",
                work.streamId(),
                request.name(),
                refused.message());
          } else {
            log.info(
                "stream {} is sent to {} again: {}",
                work.streamId(),
                request.name(),
                request.url());
          }
        });
  }

  @Override
  public DestinationVerdict remove(String destination) throws InterruptedException {
    return onceBegun(stream -> stream.remove(destination));
  }

  private DestinationVerdict onceBegun(Function<StreamResources, DestinationVerdict> action)
      throws InterruptedException {
    try {
      return action.apply(begun.get(BEGIN_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.STREAM_OVER, "the stream could not begin");
    }
  }

  @Override
  public StreamStatus status() {
    StreamStatus frozen = last;
    if (frozen != null) {
      return frozen;
    }
    StreamResources stream = begunNow();
    return stream == null
        ? status(StreamState.STARTING, null)
        : stream.status(source, shownBypass());
  }

  @Override
  public @Nullable StreamCaptions captions() {
    StreamResources stream = begunNow();
    return stream == null ? null : stream.shownWords();
  }

  @Override
  public StreamDebug debug() {
    StreamStatus shown = status();
    StreamResources stream = begunNow();
    return stream == null
        ? StreamDebug.of(shown)
        : stream.debug(shown, System.nanoTime() - startedNanos);
  }

  private StreamStatus status(StreamState state, StreamStatus.@Nullable Reason reason) {
    return new StreamStatus(
        work.streamId(),
        state,
        StreamStatus.Flags.NONE,
        reason,
        work.shown(source),
        work.shownOutput(),
        work.acceptedAt(),
        work.delayMs(),
        null,
        StreamStatus.Segments.NONE,
        StreamStatus.Sts.OFF,
        List.of(
            new StreamStatus.Dub(
                work.language(), StreamStatus.Segments.NONE, StreamStatus.Sts.OFF)),
        List.of(),
        null,
        null,
        null,
        List.of(),
        null,
        shownBypass(),
        List.of());
  }
}
