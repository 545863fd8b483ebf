package babelmux.stsecho;

import babelmux.stsecho.protocol.StsService;
import babelmux.stsecho.socketio.HttpCall;
import babelmux.stsecho.socketio.HttpReply;
import babelmux.stsecho.socketio.SocketIoServer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A running stand-in STS server: Socket.IO on {@code /socket.io/}, {@code GET /health} on the same
 * port. May be used from any thread; close it once.
 */
public final class StsEcho implements AutoCloseable {
  private final StsEchoConfig config;
  private final StsService service;
  private final SocketIoServer server;
  private final long startedNanos = System.nanoTime();

  private StsEcho(StsEchoConfig config) throws IOException {
    this.config = config;
    this.service = new StsService(config.protocolSettings(), Clock.systemUTC());
    try {
      this.server =
          SocketIoServer.start(config.socketIoOptions(), StsService.EVENTS, service, this::answer);
    } catch (IOException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /**
   * Starts a server; it accepts clients when this returns.
   *
   * @throws IOException when it cannot listen; names address and port
   */
  public static StsEcho start(StsEchoConfig config) throws IOException {
    return new StsEcho(config);
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** What a client on this machine is given as STS URL. */
  public URI url() {
    String host = config.host().equals("0.0.0.0") ? "127.0.0.1" : config.host();
    return URI.create("http://%s:%d".formatted(host, port()));
  }

  /** Ends all connections without a farewell and frees the port. */
  @Override
  public void close() {
    server.close();
    service.close();
  }

  private CompletionStage<HttpReply> answer(HttpCall call) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (!call.path().equals("/health")) {
      return CompletableFuture.completedFuture(
          new HttpReply(
              404, json.objectNode().put("detail", "nothing is at %s".formatted(call.path()))));
    }
    long uptime = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
    return CompletableFuture.completedFuture(
        new HttpReply(
            200,
            json.objectNode()
                .put("status", "healthy")
                .put("service", "sts-echo")
                .put("voice", config.voice().label())
                .put("connections", service.clients())
                .put("uptime_seconds", uptime)));
  }
}
