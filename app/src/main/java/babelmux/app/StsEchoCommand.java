package babelmux.app;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.protocol.Dialect;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.worker.config.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code babelmux sts-echo}: the stand-in STS server. */
@Command(
    name = "sts-echo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Run the stand-in speech-to-speech server, for tests, demo and fault drills.",
    footer = {
      "",
      "The variables of the echo server in the field are read, too: ECHO_HOST, ECHO_PORT,",
      "ECHO_PROCESSING_DELAY_MS, BACKPRESSURE_ENABLED, WS_PING_INTERVAL, REQUIRE_AUTH, STS_API_KEY..."
    })
final class StsEchoCommand implements Callable<Integer> {

  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;
  @Mixin private LogOptions log = new LogOptions();

  @Option(names = "--host", description = "Address to listen on. Default: 127.0.0.1. [ECHO_HOST]")
  private @Nullable String host;

  @Option(
      names = "--port",
      description = "Port to listen on; 0 takes a free one. Default: 3000. [ECHO_PORT]")
  private @Nullable Integer port;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Path of the Socket.IO endpoint. Default: /socket.io/.")
  private @Nullable String path;

  @Option(
      names = "--voice",
      paramLabel = "NAME",
      description =
          "What is said for what came: echo (the same audio), tone, counting-es. Default: echo.")
  private @Nullable String voice;

  @Option(
      names = "--dialect",
      paramLabel = "NAME",
      description = "Which server in the field is imitated: echo or full. Default: echo.")
  private @Nullable String dialect;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Every answer comes this long after its fragment, such as 800ms. Default: 0.")
  private @Nullable String delay;

  @Option(
      names = "--token",
      description =
          "Let only clients in that send this as auth.token; the fault drill over HTTP and monitors need it, too."
              + " Default: everybody, and drill and monitors from this machine only.")
  private @Nullable String token;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description =
          "A fault drill: which fault hits which message, as YAML (docs/sts.md). Default: none.")
  private @Nullable Path script;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  StsEchoCommand() {}

  @Override
  public Integer call() throws Exception {
    log.setUp();
    StsEchoConfig config = config();
    try (Termination termination = Termination.install(STOP_LIMIT)) {
      try (StsEcho server = StsEcho.start(config)) {
        spec.commandLine().getOut().println("sts-echo: listening on " + server.url());
        termination.await();
      }
      termination.finished(0);
      return 0;
    }
  }

  private StsEchoConfig config() {
    try {
      StsEchoConfig.Builder builder = StsEchoConfig.fromEnvironment(System.getenv());
      if (host != null) {
        builder.host(host);
      }
      if (port != null) {
        if (port < 0 || port > 65_535) {
          throw new IllegalArgumentException(
              "--port: %d, expected a port number, 0 to 65535".formatted(port));
        }
        builder.port(port);
      }
      if (path != null) {
        builder.path(path);
      }
      if (voice != null) {
        builder.voice(VoiceKind.of(voice));
      }
      if (dialect != null) {
        builder.dialect(Dialect.of(dialect));
      }
      if (delay != null) {
        builder.processingDelay(delay());
      }
      if (token != null) {
        builder.token(token);
      }
      if (script != null) {
        builder.faults(plan(script));
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static FaultPlan plan(Path file) {
    try {
      return FaultPlan.load(file);
    } catch (BadPayload e) {
      throw new IllegalArgumentException("--script: " + e.reason(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("--script: %s cannot be read".formatted(file), e);
    }
  }

  private Duration delay() {
    try {
      return Durations.parse(String.valueOf(delay));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--delay: '%s', expected a duration such as 800ms".formatted(delay), e);
    }
  }
}
