package babelmux.stsecho;

import babelmux.stsecho.protocol.StsService;
import babelmux.stsecho.socketio.SocketIoServer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;

/**
 * A running stand-in STS server: Socket.IO on {@code /socket.io/}; {@code GET /health} and the
 * fault drill on the same port. May be used from any thread; close it once.
 */
public final class StsEcho implements AutoCloseable {
  private final StsEchoConfig config;
  private final StsService service;
  private final SocketIoServer server;

  private StsEcho(StsEchoConfig config) throws IOException {
    this.config = config;
    this.service = new StsService(config.protocolSettings(), config.faults(), Clock.systemUTC());
    try {
      this.server =
          SocketIoServer.start(
              config.socketIoOptions(),
              StsService.EVENTS,
              service,
              new DrillRoutes(service, config.voice().label()));
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

  /** STS URL for a client on this machine. */
  public URI url() {
    String host = config.host().equals("0.0.0.0") ? "127.0.0.1" : config.host();
    return URI.create("http://%s:%d".formatted(host, port()));
  }

  /** Ends all connections without a closing handshake and frees the port. */
  @Override
  public void close() {
    server.close();
    service.close();
  }
}
