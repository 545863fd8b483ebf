package babelmux.worker.streams;

import babelmux.hooks.Printable;
import babelmux.hooks.SourceEvent;
import babelmux.media.SourceAddress;
import babelmux.worker.captions.CaptionBook;
import babelmux.worker.config.DelayConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.destinations.DestinationChoice;
import babelmux.worker.destinations.DestinationServers;
import babelmux.worker.destinations.DestinationTurns;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.output.OutputBranch;
import babelmux.worker.recording.Recorder;
import babelmux.worker.recording.Recordings;
import babelmux.worker.session.Bypass;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.DubSpec;
import babelmux.worker.session.Session;
import babelmux.worker.session.SessionOptions;
import babelmux.worker.session.SessionOutput;
import babelmux.worker.session.SoundShape;
import babelmux.worker.session.SourceLocator;
import babelmux.worker.session.StreamWarning;
import babelmux.worker.sources.PinnedSource;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsSession;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes a stream's session from the worker's settings. */
final class SessionFactory implements StreamRegistry.StreamFactory {
  // A source that says nothing for so long is lost; MediaMTX disconnects such a publisher itself
  // after 10 s.
  private static final Duration MAX_STALL = Duration.ofSeconds(10);
  private static final Duration STALL_MARGIN = Duration.ofSeconds(2);

  /** The name of the one dub that there is. */
  private static final String DUB = "dub";

  private volatile WorkerConfig config;
  private final WorkerMetrics metrics;
  private final @Nullable StsLinks links;
  private final @Nullable Recordings recordings;
  private final LatenessWatch lateness;
  private final Executor pool;
  private final Executor startExecutor;
  private final Clock clock;
  private final HostGuard guard;
  private final DestinationServers servers;
  private final DestinationTurns turns = new DestinationTurns();
  private final JournalFeed journal = new JournalFeed();

  /**
   * @param links null when nothing is to be dubbed
   * @param recordings null when nothing is to be recorded
   * @param lateness is told how late each packet of all streams leaves
   * @param startExecutor where sessions are made, which takes a while
   */
  SessionFactory(
      WorkerConfig config,
      WorkerMetrics metrics,
      @Nullable StsLinks links,
      @Nullable Recordings recordings,
      LatenessWatch lateness,
      Executor pool,
      Executor startExecutor,
      Clock clock) {
    this.config = config;
    this.metrics = metrics;
    this.links = links;
    this.recordings = recordings;
    this.lateness = lateness;
    this.pool = pool;
    this.startExecutor = startExecutor;
    this.clock = clock;
    this.guard = HostGuard.ofSources(config.sources().allow());
    this.servers = DestinationServers.of(config.output());
  }

  @Override
  public StreamHandle start(
      SourceEvent source,
      @Nullable SourceUrl posted,
      CompletableFuture<Void> outputFree,
      Runnable whenOver) {
    String id = source.streamId();
    // One stream, one state of the settings: another thread may bring others meanwhile.
    WorkerConfig now = config;
    String sourceUrl = posted == null ? inputUrl(now, source) : posted.reveal();
    String outputUrl =
        now.output().urlTemplate().resolve(now.mediaMtx().rtmpUrl(), id, now.languages());
    DestinationChoice choice =
        DestinationChoice.of(source.query(), now.output().destinations().names());
    StreamSpec work =
        new StreamSpec(
            id,
            sourceUrl,
            posted == null ? locator(source) : new PinnedSource(posted, guard),
            posted != null,
            outputUrl,
            further(now, choice, id),
            choice.unknown(),
            outputPath(now, outputUrl),
            config.languages().target(),
            config.delay().delay().toMillis(),
            clock.instant());
    ManagedStream stream = new ManagedStream(work, source, whenOver);
    startExecutor.execute(
        () -> stream.begin(() -> make(work, stream.bypass(), outputFree, whenOver)));
    return stream;
  }

  @Override
  public void use(WorkerConfig changed) {
    config = changed;
  }

  @Override
  public JournalFeed journal() {
    return journal;
  }

  private static String inputUrl(WorkerConfig config, SourceEvent source) {
    return config
        .input()
        .urlTemplate()
        .resolve(config.mediaMtx().rtmpUrl(), source.path(), source.streamId());
  }

  /** A source that is read again is read with the credentials of that moment. */
  private SourceLocator locator(SourceEvent source) {
    return () -> SourceAddress.of(inputUrl(config, source));
  }

  private static Map<String, String> further(
      WorkerConfig config, DestinationChoice choice, String id) {
    Map<String, String> urls = new LinkedHashMap<>();
    config
        .output()
        .destinations()
        .urls()
        .forEach(
            (name, url) -> {
              if (choice.names().contains(name)) {
                urls.put(name, url.resolve(config.mediaMtx().rtmpUrl(), id, config.languages()));
              }
            });
    return urls;
  }

  private static @Nullable String outputPath(WorkerConfig config, String url) {
    String server = config.mediaMtx().rtmpUrl().base() + "/";
    if (!url.startsWith(server)) {
      return null;
    }
    int query = url.indexOf('?');
    return url.substring(server.length(), query < 0 ? url.length() : query);
  }

  private StreamResources make(
      StreamSpec work, Bypass bypass, CompletableFuture<Void> outputFree, Runnable whenOver) {
    StreamMeters meters = metrics.open(work.streamId());
    DestinationMaker maker = new DestinationMaker(work.streamId(), meters, servers, turns);
    List<StreamDestinations.Entry> destinations = new ArrayList<>();
    Recorder recorder = null;
    boolean made = false;
    try {
      if (links != null) {
        // Its series is there, at 0, before the first segment.
        meters.sentAudio(work.language());
      }
      destinations.add(maker.out(work.outputUrl(), work.outputPath() != null, outputFree));
      work.further().forEach((name, url) -> destinations.add(maker.configured(name, url)));
      List<OutputBranch> branches = branches(destinations);
      if (recordings != null) {
        recorder = recordings.open(work.streamId(), new RecordingEvents(meters));
        branches.add(recorder);
      }
      CaptionBook captions =
          config.page().transcripts() && links != null
              ? new CaptionBook(SessionOptions.LIVE_START.toNanos() / 1000)
              : null;
      StreamEvents events =
          new StreamEvents(
              meters,
              lateness,
              listeners(recorder, captions),
              event -> journal.add(work.streamId(), event),
              whenOver);
      if (!work.unknown().isEmpty()) {
        events.warning(StreamWarning.UNKNOWN_DESTINATION, unknown(work));
      }
      Session session =
          new Session(
              work.streamId(),
              work.locator(),
              List.of(new SessionOutput(DUB, branches)),
              options(work.isPosted()),
              pool,
              List.of(
                  new DubSpec(
                      DUB,
                      SoundSettings.of(config.sound()),
                      config.output().audioBitrateBps(),
                      config.output().copyAudio(),
                      sound -> link(work, sound, meters, events.journal()),
                      events)),
              bypass,
              events);
      metrics.service().streamStarted();
      made = true;
      return new StreamResources(
          work,
          meters,
          events,
          new StreamDestinations(destinations),
          maker,
          recorder,
          config.languages().source(),
          captions,
          session);
    } finally {
      if (!made) {
        destinations.forEach(entry -> entry.destination().close());
        if (recorder != null) {
          recorder.close();
        }
        meters.close();
      }
    }
  }

  private static DubListener listeners(
      @Nullable Recorder recorder, @Nullable CaptionBook captions) {
    List<DubListener> told = new ArrayList<>();
    if (recorder != null) {
      told.add(recorder.slots());
    }
    if (captions != null) {
      told.add(captions);
    }
    return new SlotListeners(told);
  }

  private static List<OutputBranch> branches(List<StreamDestinations.Entry> destinations) {
    List<OutputBranch> branches = new ArrayList<>();
    destinations.forEach(entry -> branches.add(entry.destination()));
    return branches;
  }

  private String unknown(StreamSpec work) {
    List<String> known = config.output().destinations().names();
    return "?to= of the publisher names %s, which output.destinations does not have: expected %s"
        .formatted(
            Printable.quote(String.join(",", work.unknown())),
            known.isEmpty() ? "none, as it is not set" : "some of " + String.join(",", known));
  }

  private SessionOptions options(boolean posted) {
    Duration delay = config.delay().delay();
    Duration stall = delay.minus(STALL_MARGIN);
    return new SessionOptions(
        delay,
        DelayConfig.SEGMENT,
        config.source().grace(),
        posted ? SessionOptions.FOREVER : SessionOptions.HOOK_LIMIT,
        stall.compareTo(MAX_STALL) < 0 ? stall : MAX_STALL,
        SessionOptions.LIVE_START,
        config.segment().quietCut());
  }

  /** The smallest delay leaves the STS no time at all; a link wants some. */
  private Duration answerLimit() {
    Duration limit = config.delay().stsLimit();
    return limit.isZero() ? Duration.ofMillis(1) : limit;
  }

  private @Nullable StsLink link(
      StreamSpec work, SoundShape sound, StreamMeters meters, StreamJournal journal) {
    if (links == null) {
      return null;
    }
    StsSession session =
        new StsSession(
            config.languages().source(),
            work.language(),
            sound.rate().hz(),
            sound.sentChannels(),
            answerLimit());
    return links.open(
        work.streamId(),
        session,
        new LinkEvents(meters, meters.sentAudio(work.language()), journal));
  }
}
