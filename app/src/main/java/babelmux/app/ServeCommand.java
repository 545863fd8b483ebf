package babelmux.app;

import babelmux.app.doctor.Setup;
import babelmux.app.support.SupportBundle;
import babelmux.media.Natives;
import babelmux.worker.api.AccessWarning;
import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.metrics.WorkerMetrics;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code babelmux serve}: the worker. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Run the worker: waits for MediaMTX's hooks, dubs live/<id>/in to live/<id>/out.",
      "SIGTERM lets running streams leave and ends it.",
      "Each option may also be given by its variable [in brackets] or in a file."
    })
final class ServeCommand implements Callable<Integer> {

  /** The time that closing may take after the drain. */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  /** The longest that the first stream waits for the warm-up. */
  private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(5);

  /** The longest that the warm-up waits for the first look for streams. */
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(1);

  private final BiFunction<WorkerConfig, WorkerMetrics, StreamRunner> makeStreams;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ServeCommand(BiFunction<WorkerConfig, WorkerMetrics, StreamRunner> makeStreams) {
    this.makeStreams = makeStreams;
  }

  @Override
  public Integer call() throws Exception {
    LoadedConfig loaded = SettingOptions.load(spec.commandLine().getParseResult(), System.getenv());
    WorkerConfig config = loaded.config();
    Logging.setUp(config.log());
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    log.info("babelmux {} with FFmpeg {}", Version.text(), Natives.load());
    loaded.given().forEach(line -> log.info("setting {}", line));
    loaded.notes().forEach(log::warn);
    HeapNeed.warning(
            Runtime.getRuntime().maxMemory(), config.limits().maxStreams(), config.delay().delay())
        .ifPresent(log::warn);

    // Beside the making of the server, which one processor does alone.
    WarmUp warmUp = WarmUp.begin();
    Hangup hangup = Hangup.install();
    Duration limit = config.limits().drainLimit().plus(CLOSING);
    try (Termination termination = Termination.install(limit)) {
      try (WorkerServer server =
          new WorkerServer(
              Setup.of(Version.text(), loaded, System.getenv()),
              SupportBundle.settings(loaded),
              makeStreams)) {
        hangup.then(() -> server.readAgain(loaded.secrets()));
        // Behind the bind, so that a host that cannot be resolved is told as that.
        String host = config.http().host();
        AccessWarning.of(host, InetAddress.getByName(host), config.access()).ifPresent(log::warn);
        AccessWarning.ofToken(config.access()).ifPresent(log::warn);
        server.begin();
        // A worker that was killed has viewers who wait: their streams make everything warm.
        if (!server.hasStreams(LOOK_LIMIT)) {
          warmUp.await(WARM_UP_LIMIT);
        }
        spec.commandLine()
            .getOut()
            .println(
                "serve: listening on %s://%s:%d"
                    .formatted(config.http().scheme(), config.http().host(), server.port()));
        termination.await();
        log.info("shutdown requested");
        server.drain();
      }
      log.info("ended");
      termination.finished(0);
      return 0;
    }
  }
}
