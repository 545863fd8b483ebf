package babelmux.app;

import babelmux.app.doctor.Code;
import babelmux.app.doctor.SeenInPassing;
import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.HookListener;
import babelmux.hooks.PathPattern;
import babelmux.hooks.TestStreams;
import babelmux.worker.api.Readiness;
import babelmux.worker.config.ConfigException;
import babelmux.worker.config.RecordConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.recording.RecorderOptions;
import babelmux.worker.recording.RecordingState;
import babelmux.worker.recording.Recordings;
import babelmux.worker.session.SessionOptions;
import babelmux.worker.state.StateDirectory;
import babelmux.worker.streams.OutputChecker;
import babelmux.worker.streams.Reconciler;
import babelmux.worker.streams.StreamControl;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamRegistry;
import babelmux.worker.streams.StreamStatus;
import babelmux.worker.streams.Trouble;
import babelmux.worker.sts.StsLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a worker that runs streams: registry, links to the STS, comparison with the Control
 * API.
 */
final class DubbingStreams implements StreamRunner {
  private static final Logger log = LoggerFactory.getLogger(DubbingStreams.class);
  private static final Duration API_CONNECT = Duration.ofSeconds(2);
  private static final Duration API_READ = Duration.ofSeconds(5);

  private final ExecutorService pool;
  private final @Nullable StsLinks links;
  private final @Nullable Recordings recordings;
  private final StreamRegistry registry;
  private final StreamControl control;
  private final @Nullable Reconciler reconciler;
  private final @Nullable OutputChecker checker;
  private final TestStreams tests = new TestStreams();

  DubbingStreams(WorkerConfig config, WorkerMetrics metrics) {
    StateDirectory state = state(config.state().directory());
    Duration interval = config.mediaMtx().reconcileInterval();
    // A worker that was killed has viewers who wait: what takes its time is made side by side.
    Beside<ControlApiClient> api =
        interval.isZero() ? null : Beside.make("mediamtx-client", () -> client(config));
    pool = DubPool.create();
    links = config.sts().skip() ? null : new StsLinks(StsAccess.of(config.sts()));
    recordings = recordings(config);
    registry = StreamRegistry.of(config, metrics, links, recordings, pool);
    control = new StreamControl(config, registry, state);
    Duration checks = config.output().checkInterval();
    checker = checks.isZero() ? null : new OutputChecker(registry, checks);
    if (api == null) {
      reconciler = null;
    } else {
      PathPattern paths = PathPattern.parse(config.input().pathPattern().pattern());
      boolean chosen = !config.output().destinations().urls().isEmpty();
      reconciler = new Reconciler(api.get(), paths, tests, registry, interval, chosen);
    }
  }

  /** A client that was asked once: the first time takes ten times as long as any later one. */
  private static ControlApiClient client(WorkerConfig config) {
    ControlApiClient client =
        new ControlApiClient(config.mediaMtx().apiUrl().toUri(), API_CONNECT, API_READ);
    Thread first = new Thread(() -> askOnce(client), "mediamtx-first");
    first.setDaemon(true);
    first.start();
    return client;
  }

  private static void askOnce(ControlApiClient client) {
    try {
      client.paths();
    } catch (ControlApiException | RuntimeException e) {
      log.debug("the first question: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable Recordings recordings(WorkerConfig config) {
    RecordConfig record = config.record();
    Path directory = record.directory();
    return directory == null
        ? null
        : new Recordings(
            RecorderOptions.of(
                directory,
                record.maxDuration(),
                config.languages().source(),
                config.languages().target(),
                SessionOptions.LIVE_START),
            record.keep(),
            Clock.systemUTC());
  }

  private static @Nullable StateDirectory state(@Nullable Path directory) {
    try {
      return directory == null ? null : StateDirectory.open(directory);
    } catch (IOException e) {
      throw new ConfigException(
          List.of("state-dir = \"%s\": %s".formatted(directory, e.getMessage())));
    }
  }

  @Override
  public void start() {
    control.start();
    if (reconciler != null) {
      reconciler.start();
    }
    if (checker != null) {
      checker.start();
    }
    if (recordings != null) {
      recordings.start();
    }
  }

  @Override
  public boolean hasStreams(Duration limit) throws InterruptedException {
    if (reconciler != null) {
      reconciler.awaitFirst(limit);
    }
    return registry.size() > 0;
  }

  @Override
  public StreamDirectory directory() {
    return control;
  }

  @Override
  public HookListener hooks() {
    return registry;
  }

  @Override
  public TestStreams tests() {
    return tests;
  }

  @Override
  public Readiness readiness() {
    List<Readiness.Degraded> degraded = new ArrayList<>();
    if (reconciler != null) {
      reconciler.failure().ifPresent(failure -> degraded.add(degraded(failure)));
    }
    registry
        .saturation()
        .ifPresent(reason -> degraded.add(new Readiness.Degraded("admission", reason)));
    for (Trouble trouble : control.troubles()) {
      degraded.add(new Readiness.Degraded(trouble.component(), trouble.reason()));
    }
    for (StreamStatus stream : registry.list()) {
      if (!stream.state().isFinal()) {
        degraded.addAll(troubles(stream));
      }
    }
    return new Readiness(registry.refusals(), degraded);
  }

  private static Readiness.Degraded degraded(ControlApiException failure) {
    return new Readiness.Degraded(
        "mediamtx-api", String.valueOf(failure.getMessage()), Code.ofApi(failure.status()).label());
  }

  private static List<Readiness.Degraded> troubles(StreamStatus stream) {
    List<Readiness.Degraded> troubles = new ArrayList<>();
    String link = stream.sts().link();
    if (link.equals("reconnecting") || link.equals("pass_through")) {
      troubles.add(
          new Readiness.Degraded(
              "sts",
              "stream " + stream.streamId() + ": " + link + ", " + stream.sts().lastError(),
              SeenInPassing.sts(link, stream.sts().lastError()).label()));
    }
    for (StreamStatus.Dub dub : stream.dubs()) {
      String dead = dub.sts().deadDub();
      if (dead != null) {
        troubles.add(
            new Readiness.Degraded(
                "sts", "stream " + stream.streamId() + ": dead dubs (" + dead + ")"));
      }
    }
    for (StreamStatus.Destination destination : stream.destinations()) {
      OutputCheck check = destination.check();
      if (check != null && check.isBad()) {
        troubles.add(
            new Readiness.Degraded(
                "destination",
                "stream %s: read back from %s: %s"
                    .formatted(stream.streamId(), destination.url(), check.tag()),
                Code.OUTPUT_UNREADABLE.label()));
      }
      if (destination.state().equals("down")) {
        troubles.add(
            new Readiness.Degraded(
                "destination",
                "stream %s, destination %s: %s"
                    .formatted(stream.streamId(), destination.name(), destination.lastError()),
                SeenInPassing.destination(destination.name(), destination.lastError()).label()));
      }
    }
    StreamStatus.Recording recording = stream.recording();
    if (recording != null && recording.state().equals(RecordingState.STOPPED.label())) {
      troubles.add(
          new Readiness.Degraded(
              "recording", "stream " + stream.streamId() + ": " + recording.lastError()));
    }
    return troubles;
  }

  @Override
  public void use(WorkerConfig changed) {
    EachStep.run(
        () -> control.use(changed),
        () -> {
          if (links != null) {
            links.token(StsAccess.of(changed.sts()).token());
          }
        },
        () -> {
          if (reconciler != null) {
            reconciler.use(changed.mediaMtx().apiUrl().toUri());
          }
        });
  }

  @Override
  public boolean drain(Duration limit) throws InterruptedException {
    if (reconciler != null) {
      reconciler.close();
    }
    return registry.drain(limit);
  }

  @Override
  public void close() {
    if (reconciler != null) {
      reconciler.close();
    }
    registry.close();
    control.close();
    if (checker != null) {
      checker.close();
    }
    if (links != null) {
      links.close();
    }
    if (recordings != null) {
      recordings.close();
    }
    pool.shutdownNow();
  }
}
