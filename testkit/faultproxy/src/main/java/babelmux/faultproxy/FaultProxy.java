package babelmux.faultproxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A TCP proxy that breaks what it forwards, while it runs. It listens on a port of loopback and
 * connects to one server. Faults meet all connections, running and new ones.
 *
 * <p>Every call returns when the fault is in force. Any thread may call; the proxy has one thread
 * of its own, whatever the number of connections. Whoever started it closes it; after that a call
 * throws {@link IllegalStateException}.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(origin.rtmpUrl())) {
 *   worker("mediamtx.rtmp-url", proxy.url());
 *   proxy.stall(Direction.TO_SERVER, true);
 * }
 * }</pre>
 */
public final class FaultProxy implements AutoCloseable {
  private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final URI url;
  private final ProxyLoop loop;
  private final Thread thread;

  private FaultProxy(URI server, int listenPort) throws IOException {
    InetSocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
    if (address.isUnresolved()) {
      throw new UnknownHostException(server.getHost());
    }
    loop = new ProxyLoop(address, listenPort);
    url = atPort(server, loop.port());
    thread = new Thread(loop, "fault-proxy-" + loop.port());
    thread.setDaemon(true);
  }

  /** As {@link #to(URI, int)}, on a free port. */
  public static FaultProxy to(URI server) throws IOException {
    return to(server, 0);
  }

  /**
   * Starts.
   *
   * @param server any URL with a host and a port
   * @param listenPort port of loopback to listen on; 0 for a free one
   * @throws IOException if the host has no address, or the port is taken
   */
  public static FaultProxy to(URI server, int listenPort) throws IOException {
    if (server.getHost() == null || server.getPort() < 0) {
      throw new IllegalArgumentException(server + ": expected a host and a port");
    }
    FaultProxy proxy = new FaultProxy(server, listenPort);
    proxy.thread.start();
    return proxy;
  }

  private static URI atPort(URI server, int port) {
    try {
      return new URI(
          server.getScheme(),
          server.getUserInfo(),
          "127.0.0.1",
          port,
          server.getPath(),
          server.getQuery(),
          server.getFragment());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(server.toString(), e);
    }
  }

  /** The server's URL, through the proxy. */
  public URI url() {
    return url;
  }

  /** The port that the proxy listens on. */
  public int port() {
    return loop.port();
  }

  /**
   * Lets bytes leave later. What comes meanwhile waits in the proxy, up to 16 MiB a connection.
   *
   * @param delay zero for none
   */
  public void delay(Direction direction, Duration delay) {
    change(direction, faults -> faults.withDelay(delay));
  }

  /**
   * Limits the rate of each connection.
   *
   * @param bytesPerSecond 0 for no limit
   */
  public void throttle(Direction direction, long bytesPerSecond) {
    change(direction, faults -> faults.withBytesPerSecond(bytesPerSecond));
  }

  /**
   * Sends a few bytes at a time, each slice in a packet of its own where the network allows.
   *
   * @param bytes size of a slice; 0 for no limit
   */
  public void slice(Direction direction, int bytes) {
    change(direction, faults -> faults.withSliceBytes(bytes));
  }

  /**
   * Takes nothing from the sender, whose socket fills, and gives nothing to the receiver, as if
   * cables were pulled. Nothing is lost: it goes on where it was when the stall is over.
   */
  public void stall(Direction direction, boolean on) {
    change(direction, faults -> faults.withStalled(on));
  }

  /** New connections are accepted, and nothing ever answers or reads. They stay so. */
  public void halfOpen(boolean on) {
    admit(on ? ProxyLoop.Admission.SILENCE : ProxyLoop.Admission.FORWARD);
  }

  /** New connections are reset; running ones go on. Ends {@link #halfOpen}, and the reverse. */
  public void refuse(boolean on) {
    admit(on ? ProxyLoop.Admission.RESET : ProxyLoop.Admission.FORWARD);
  }

  /**
   * Ends all connections with FIN to both ends. What is on its way is lost.
   *
   * @return how many there were
   */
  public int cut() {
    return end(connection -> connection.cut(loop.nowNanos()));
  }

  /**
   * Ends all connections with RST to both ends. What is on its way is lost.
   *
   * @return how many there were
   */
  public int reset() {
    return end(ProxyConnection::reset);
  }

  /** Ends all lasting faults. Connections that are silent stay so. */
  public void clear() {
    for (Direction direction : Direction.values()) {
      change(direction, faults -> DirectionFaults.NONE);
    }
    admit(ProxyLoop.Admission.FORWARD);
  }

  /** Number of connections, silent ones too. */
  public int connections() {
    return loop.call(() -> loop.connections().size());
  }

  /** Number of bytes that have left in this direction, on all connections since the start. */
  public long forwarded(Direction direction) {
    return loop.forwarded(direction);
  }

  private void change(Direction direction, UnaryOperator<DirectionFaults> change) {
    loop.call(
        () -> {
          loop.change(direction, change);
          return true;
        });
  }

  private void admit(ProxyLoop.Admission admission) {
    loop.call(
        () -> {
          loop.admission(admission);
          return true;
        });
  }

  private int end(Consumer<ProxyConnection> way) {
    return loop.call(
        () -> {
          List<ProxyConnection> all = loop.connections();
          all.forEach(way);
          return all.size();
        });
  }

  /** Ends all connections and frees the port. Returns within 5 s. Idempotent. */
  @Override
  public void close() {
    loop.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
