package babelmux.app;

import babelmux.app.doctor.Host;
import babelmux.app.doctor.Setup;
import babelmux.app.doctor.WorkerDoctor;
import babelmux.app.support.SupportReport;
import babelmux.hooks.HlsClient;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.PathPattern;
import babelmux.hooks.TestStreams;
import babelmux.media.Natives;
import babelmux.page.PageRoutes;
import babelmux.worker.api.ApiParts;
import babelmux.worker.api.ApiServer;
import babelmux.worker.api.Browser;
import babelmux.worker.api.EventParts;
import babelmux.worker.api.Readiness;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.SecretFiles;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.hls.HlsOrigin;
import babelmux.worker.metrics.HealthReading;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.streams.StreamStatus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A worker with its HTTP port: everything put together. Whoever started it closes it. */
final class WorkerServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WorkerServer.class);
  private static final long VERTX_CLOSE_SECONDS = 5;
  private static final Duration HLS_CONNECT = Duration.ofMillis(500);
  private static final Duration HLS_READ = Duration.ofMillis(2500);

  private final WorkerConfig config;
  private final WorkerMetrics metrics;
  private final StreamRunner streams;
  private final Vertx vertx;
  private final ApiServer api;
  private final WorkerDoctor doctor;
  private final HlsClient hls;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * As {@link #WorkerServer(WorkerConfig, List, BiFunction)}, of settings of which nothing is to be
   * shown.
   */
  WorkerServer(
      WorkerConfig config, BiFunction<WorkerConfig, WorkerMetrics, StreamRunner> makeStreams)
      throws IOException, InterruptedException {
    this(config, List.of(), makeStreams);
  }

  /**
   * Starts; hooks are answered when this returns.
   *
   * @param settings what is shown of them to whoever looks for a fault, one line each, masked
   * @param makeStreams makes the part that runs streams
   * @throws IOException when the port cannot be bound, in one line
   */
  WorkerServer(
      WorkerConfig config,
      List<String> settings,
      BiFunction<WorkerConfig, WorkerMetrics, StreamRunner> makeStreams)
      throws IOException, InterruptedException {
    this(new Setup(Version.text(), config, List.of(), List.of(), Map.of()), settings, makeStreams);
  }

  /**
   * The same, and doctor knows where the settings come from.
   *
   * @param setup the settings
   * @param settings one line each, to be shown
   * @throws IOException when the port cannot be bound, in one line
   */
  WorkerServer(
      Setup setup,
      List<String> settings,
      BiFunction<WorkerConfig, WorkerMetrics, StreamRunner> makeStreams)
      throws IOException, InterruptedException {
    config = setup.config();
    Beside<Vertx> making =
        Beside.make(
            "vertx",
            () -> ApiServer.vertx(new VertxOptions().setEventLoopPoolSize(2), config.http()));
    metrics = new WorkerMetrics(Version.text(), config.metrics().linger(), System::nanoTime);
    metrics.natives(Natives::live, Natives::residentBytes);
    try {
      streams = makeStreams.apply(config, metrics);
    } catch (RuntimeException | Error e) {
      making.get().close();
      throw e;
    }
    vertx = making.get();
    TestStreams tests = streams.tests();
    HookRoutes hooks =
        new HookRoutes(
            PathPattern.parse(config.input().pathPattern().pattern()),
            tests.before(streams.hooks()));
    URI viewed = config.page().hlsUrl();
    PageRoutes page = new PageRoutes(viewed == null ? null : viewed.toString());
    doctor = new WorkerDoctor(setup, this::host);
    hls = new HlsClient(config.mediaMtx().hlsUrl().toUri(), HLS_CONNECT, HLS_READ);
    ApiParts parts =
        new ApiParts(
            Version.text(),
            streams.directory(),
            metrics::scrape,
            streams::readiness,
            hooks::mount,
            metrics.service()::hookAnswered,
            reason -> {
              metrics.service().hookRefused(reason);
              tests.hookRefused(reason.label());
            },
            metrics.service()::writeRefused,
            new SupportReport(Version.text(), settings, streams.directory(), streams::readiness),
            doctor,
            config.page(),
            new EventParts(
                streams.directory().journal(),
                streams.directory()::load,
                metrics.service()::eventReaders,
                metrics.service()::eventReaderDisconnected),
            new Browser() {
              @Override
              public void mount(Router router) {
                page.mount(router);
              }

              @Override
              public @Nullable String publishTo() {
                return PublishAddress.of(config).orElse(null);
              }
            },
            new HlsOrigin(hls));
    try {
      api = ApiServer.start(vertx, config.http(), config.access(), parts);
    } catch (IOException | InterruptedException | RuntimeException e) {
      closeParts();
      throw e;
    }
    metrics.health(Readiness.COMPONENTS, () -> reading(api.readiness()));
    warnOfCertificate();
  }

  private static HealthReading reading(Readiness readiness) {
    Map<String, Integer> degraded = new HashMap<>();
    readiness.degraded().forEach(each -> degraded.merge(each.component(), 1, Integer::sum));
    return new HealthReading(readiness.isReady(), degraded);
  }

  /**
   * Looks for streams that no hook tells of. Apart from the constructor, so that a worker whose
   * port is taken opens no session.
   */
  WorkerServer begin() {
    streams.start();
    return this;
  }

  /**
   * Waits until the first look for streams is over.
   *
   * @param limit the longest wait
   * @return whether there is a stream
   */
  boolean hasStreams(Duration limit) throws InterruptedException {
    return streams.hasStreams(limit);
  }

  /** The port that hooks and scrapes go to. */
  int port() {
    return api.port();
  }

  /**
   * SIGHUP: reads secrets that stand in files, and the port's certificate, again. What is opened
   * from now on uses them; streams that run go on. Says in one line what changed, by name.
   *
   * <p>A part that cannot take its new values keeps no other one from taking its own: a token that
   * was replaced must not be accepted any longer. What it threw is thrown behind all others.
   */
  void readAgain(SecretFiles files) {
    SecretFiles.Reread read = files.readAgain();
    EachStep.run(
        () -> api.use(read.config().access()),
        () -> streams.use(read.config()),
        () -> doctor.use(read.config()),
        () -> hls.use(read.config().mediaMtx().hlsUrl().toUri()),
        () -> finish(read),
        this::warnOfCertificate);
  }

  private Host host() {
    return Host.worker(
        "%s port %d".formatted(config.http().host(), api.port()),
        api.port(),
        streams.tests(),
        () ->
            streams.directory().list().stream()
                .map(StreamStatus::streamId)
                .collect(Collectors.toSet()),
        () ->
            (int)
                streams.directory().list().stream()
                    .filter(status -> !status.state().isFinal())
                    .count());
  }

  private void finish(SecretFiles.Reread read) {
    List<String> changed = new ArrayList<>(read.changed());
    List<String> unchanged = new ArrayList<>(read.unchanged());
    List<String> kept = new ArrayList<>(read.kept());
    if (config.http().tls() != null) {
      try {
        (api.readCertificateAgain() ? changed : unchanged).addAll(HttpConfig.TLS_KEYS);
      } catch (IOException e) {
        kept.add(String.join(", ", HttpConfig.TLS_KEYS) + " (" + e.getMessage() + ")");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    String line =
        "SIGHUP: read again: changed %s; unchanged %s; kept the old value of %s"
            .formatted(names(changed), names(unchanged), names(kept));
    log.atLevel(kept.isEmpty() ? Level.INFO : Level.WARN).log(line);
    read.notes().forEach(log::warn);
  }

  private void warnOfCertificate() {
    api.certificateWarning(Instant.now()).ifPresent(log::warn);
  }

  private static String names(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /** SIGTERM: health and metrics go on while the streams leave. */
  void drain() throws InterruptedException {
    boolean all = streams.drain(config.limits().drainLimit());
    if (!all) {
      log.warn("not everything left within drain-limit {}", config.limits().drainLimit());
    }
  }

  /** Does nothing the second time. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      api.close();
      closeParts();
    }
  }

  private void closeParts() {
    streams.close();
    hls.close();
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(VERTX_CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Vert.x did not close cleanly: {}", e.toString());
    }
    metrics.close();
  }
}
