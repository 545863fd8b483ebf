package babelmux.e2e;

import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.FreePort;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Server and stand-in in this process, the built distribution's {@code serve} as a process of its
 * own, told by the hook program. Closing it kills the worker; whoever starts it closes it.
 *
 * @param serve the worker's process
 * @param running all of it, looked at from outside
 */
record Served(Program serve, Running running) implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** The worker's environment, by the server that runs already. */
  @FunctionalInterface
  interface Wiring {
    Map<String, String> to(MediaServer server) throws IOException;
  }

  /** Starts; the worker is ready when this returns. */
  static Served start(
      StsEchoConfig.Builder sts, Map<String, String> environment, Duration delay, String... flags)
      throws IOException {
    return start(sts, server -> environment, delay, flags);
  }

  /** As above, with something between the worker and its server. */
  static Served start(StsEchoConfig.Builder sts, Wiring wiring, Duration delay, String... flags)
      throws IOException {
    int port = FreePort.onLoopback();
    URI url = URI.create("http://127.0.0.1:" + port);
    Path hook =
        Path.of(System.getProperty("babelmux.home", ""), "deploy/mediamtx/hooks/mtx-hook")
            .toAbsolutePath()
            .normalize();
    OriginConfig config =
        OriginConfig.builder()
            .onReady(hook + " ready")
            .onNotReady(hook + " not-ready")
            .hookEnvironment(Map.of("ORCHESTRATOR_URL", url.toString()))
            .build();
    String current = Servers.current();
    MediaServer server =
        current.equals(Servers.EMBEDDED)
            ? EmbeddedOrigin.start(config)
            : MediaMtxProcess.start(Path.of(current), config);
    StsEcho echo = StsEcho.start(sts.port(0).build());
    Map<String, String> all = new HashMap<>();
    all.put("MEDIAMTX_RTMP_URL", server.rtmpUrl().toString());
    all.put("STS_SERVICE_URL", echo.url().toString());
    all.put("MEDIAMTX_API_URL", server.apiUrl().toString());
    all.put("LOG_LEVEL", "info");
    all.putAll(wiring.to(server));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("serve", "--port", Integer.toString(port)));
    arguments.addAll(List.of("--delay", delay.toMillis() + "ms"));
    arguments.addAll(List.of(flags));
    Program serve = Program.start(all, arguments.toArray(String[]::new));
    Served served =
        new Served(serve, Running.of(new LocalStack(server, echo, () -> close(serve), url)));
    try {
      Running.await("the worker is ready", LIMIT, () -> !Web.text(url + "/health/ready").isEmpty());
      return served;
    } catch (RuntimeException e) {
      String said = serve.said();
      served.close();
      throw new IOException("the worker does not start: " + said, e);
    }
  }

  private static void close(Program serve) {
    try {
      serve.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    running.close();
  }
}
