package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.worker.session.SessionFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A stream that does nothing but remember what it was told; ends when the test says so. */
final class FakeStream implements StreamHandle {
  final List<String> told = new ArrayList<>();
  boolean leaving;
  boolean bypassed;
  boolean sourceLost;
  boolean hasRead = true;
  boolean endsSlowly;
  boolean takesDestinations;
  final List<String> destinations = new ArrayList<>();
  int timesServerAnswered;
  @Nullable OutputOutage outage;
  StreamStatus.@Nullable Reason failure;
  volatile @Nullable CheckedOutput output;
  volatile boolean outputUnchecked;

  /** Its reader is at its end, though the state does not say so yet. */
  boolean readsNoMore;

  final CompletableFuture<Void> outputFree;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Runnable whenOver;
  private SourceEvent source;

  FakeStream(SourceEvent source, CompletableFuture<Void> outputFree, Runnable whenOver) {
    this.source = source;
    this.outputFree = outputFree;
    this.whenOver = whenOver;
  }

  /** A registry whose streams are such; each that starts is added to {@code started}. */
  static StreamRegistry registry(List<FakeStream> started, int maxStreams, Duration linger) {
    return new StreamRegistry(
        (source, posted, outputFree, whenOver) -> {
          FakeStream stream = new FakeStream(source, outputFree, whenOver);
          started.add(stream);
          return stream;
        },
        maxStreams,
        streams -> Optional.empty(),
        linger,
        reason -> {},
        () -> {},
        reason -> {});
  }

  /** Something went wrong that is to be blamed on that. */
  void end(Blame blame) {
    failure = new StreamStatus.Reason(blame, "out of something", false);
    end();
  }

  /** Everything of it has left. */
  void end() {
    whenOver.run();
    over.complete(null);
  }

  @Override
  public SourceEvent source() {
    return source;
  }

  @Override
  public boolean isPosted() {
    return source.path().isEmpty();
  }

  @Override
  public boolean sourceIs(SourceEvent event) {
    if (readsNoMore) {
      return false;
    }
    source = event;
    told.add("source is " + event.sourceId());
    return true;
  }

  @Override
  public void sourceAvailable() {
    told.add("source available");
  }

  @Override
  public void serverAnswers() {
    timesServerAnswered++;
  }

  @Override
  public void sourceGone() {
    told.add("source gone");
  }

  @Override
  public boolean hasRead() {
    return hasRead;
  }

  @Override
  public boolean isSourceLost() {
    return sourceLost;
  }

  @Override
  public boolean isLeaving() {
    return leaving;
  }

  @Override
  public void drain() {
    leaving = true;
    told.add("drain");
  }

  @Override
  public void stop() {
    told.add("stop");
    end();
  }

  @Override
  public void fail(SessionFailure reason) {
    leaving = true;
    told.add(reason.message());
    failure =
        new StreamStatus.Reason(
            reason.ofSource() ? Blame.SOURCE : Blame.OURS, reason.message(), reason.ofSource());
    if (endsSlowly) {
      return;
    }
    end();
  }

  @Override
  public AirVerdict bypass(BypassRequest request) {
    bypassed = request.bypass();
    told.add("bypass " + bypassed + (request.atMs() == null ? "" : " at " + request.atMs()));
    return new AirVerdict.Switched(status().bypass());
  }

  @Override
  public AirVerdict veto(long slot) {
    told.add("veto " + slot);
    return new AirVerdict.Vetoed(slot);
  }

  @Override
  public @Nullable OutputOutage outage() {
    return outage;
  }

  @Override
  public @Nullable CheckedOutput checkedOutput() {
    return output;
  }

  @Override
  public void outputUnchecked() {
    outputUnchecked = true;
  }

  @Override
  public CompletableFuture<Void> outputOver() {
    return over;
  }

  @Override
  public CompletableFuture<Void> over() {
    return over;
  }

  @Override
  public long startedNanos() {
    return 0;
  }

  @Override
  public long lastReadNanos() {
    return 0;
  }

  @Override
  public Capacity.Running load() {
    return new Capacity.Running(1_000_000, hasRead ? 1 : 0);
  }

  @Override
  public DestinationVerdict add(DestinationRequest request) {
    if (!takesDestinations) {
      return new DestinationVerdict.Refused(DestinationVerdict.Reason.NAME_IN_USE, request.name());
    }
    addOnceBegun(request);
    return new DestinationVerdict.Added(
        new StreamStatus.Destination(
            request.name(), request.url().toString(), "idle", null, 0, 0, 0, 0, 0, null));
  }

  @Override
  public void addOnceBegun(DestinationRequest request) {
    destinations.add(request.name() + " " + request.url().server().reveal());
  }

  @Override
  public DestinationVerdict remove(String destination) {
    return new DestinationVerdict.Removed();
  }

  @Override
  public StreamStatus status() {
    return new StreamStatus(
        source.streamId(),
        failure != null ? StreamState.FAILED : leaving ? StreamState.DRAINING : StreamState.LIVE,
        StreamStatus.Flags.NONE,
        failure,
        new StreamStatus.Source("rtmp://in", source.sourceType(), source.sourceId()),
        "rtmp://out",
        Instant.EPOCH,
        8000,
        null,
        StreamStatus.Segments.NONE,
        StreamStatus.Sts.OFF,
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(),
        null,
        new StreamStatus.Bypass(bypassed, null, null, List.of()),
        List.of());
  }
}
