package babelmux.app;

import babelmux.demo.Distribution;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code babelmux origin}: the embedded origin. */
@Command(
    name = "origin",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Run the embedded origin, for tests: RTMP, hooks and Control API as MediaMTX has them, and HTTP-FLV in place of HLS.",
      "Not for production: use MediaMTX there (deploy/mediamtx)."
    })
final class OriginCommand implements Callable<Integer> {

  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;
  @Mixin private LogOptions log = new LogOptions();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--rtmp-port",
      defaultValue = "1935",
      description = "RTMP port; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int rtmpPort;

  @Option(
      names = "--api-port",
      defaultValue = "9997",
      description = "Port of the Control API; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int apiPort;

  @Option(
      names = "--hls-port",
      defaultValue = "8888",
      description =
          "Port of HTTP-FLV, where the worker's page plays live/<id>/in and /out; 0 takes a free one."
              + " Default: ${DEFAULT-VALUE}.")
  private int hlsPort;

  @Option(
      names = "--worker-url",
      paramLabel = "URL",
      description = "Call this worker's hooks when a stream on live/<id>/in comes or goes.")
  private @Nullable String workerUrl;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  OriginCommand() {}

  @Override
  public Integer call() throws Exception {
    log.setUp();
    OriginConfig config = config();
    try (Termination termination = Termination.install(STOP_LIMIT)) {
      try (EmbeddedOrigin origin = EmbeddedOrigin.start(config)) {
        spec.commandLine()
            .getOut()
            .println(
                "origin: RTMP on %s, Control API on %s, HTTP-FLV on %s; a stand-in, not for production"
                    .formatted(origin.rtmpUrl(), origin.apiUrl(), origin.hlsUrl()));
        termination.await();
      }
      termination.finished(0);
      return 0;
    }
  }

  private OriginConfig config() {
    try {
      OriginConfig.Builder builder =
          OriginConfig.builder().host(host).rtmpPort(rtmpPort).apiPort(apiPort).hlsPort(hlsPort);
      if (workerUrl != null) {
        // As a variable, because the path may hold blanks; it stays one word then.
        builder
            .onReady("$MTX_HOOK ready")
            .onNotReady("$MTX_HOOK not-ready")
            .hookEnvironment(
                Map.of("ORCHESTRATOR_URL", workerUrl, "MTX_HOOK", hookScript().toString()));
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Path hookScript() {
    Path script = Distribution.home().resolve("deploy/mediamtx/hooks/mtx-hook");
    if (!Files.isExecutable(script)) {
      throw new IllegalArgumentException(script + " is missing: expected the hook program there");
    }
    return script;
  }
}
