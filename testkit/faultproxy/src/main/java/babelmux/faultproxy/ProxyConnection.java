package babelmux.faultproxy;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A client's connection and the one to the server that belongs to it. Proxy thread only. */
final class ProxyConnection {
  // After FIN both ends have this long to close; what they send meanwhile is thrown away. A socket
  // that is closed with unread bytes sends RST.
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private enum Phase {
    SILENT,
    CONNECTING,
    FORWARDING,
    ENDING,
    CLOSED
  }

  private final SocketChannel client;
  private final SocketChannel server;
  private final SelectionKey clientKey;
  private final SelectionKey serverKey;
  private final PerDirection<Flow> flows;
  private Phase phase;
  private long closesAtNanos;

  private ProxyConnection(
      SocketChannel client,
      SocketChannel server,
      Selector selector,
      Phase phase,
      PerDirection<AtomicLong> forwarded)
      throws IOException {
    this.client = client;
    this.server = server;
    this.phase = phase;
    client.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
    server.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
    clientKey = client.register(selector, 0);
    serverKey = server.register(selector, 0);
    flows =
        new PerDirection<>(
            new Flow(client, server, forwarded.toServer()),
            new Flow(server, client, forwarded.toClient()));
  }

  /** Connects to the server; a client whose server refuses is reset. */
  static ProxyConnection forwarding(
      SocketChannel client,
      SocketAddress target,
      Selector selector,
      PerDirection<AtomicLong> forwarded)
      throws IOException {
    ProxyConnection connection =
        new ProxyConnection(client, SocketChannel.open(), selector, Phase.CONNECTING, forwarded);
    try {
      connection.server.connect(target);
    } catch (IOException e) {
      connection.reset();
    }
    return connection;
  }

  /** Never answers, and never reads. */
  static ProxyConnection silent(
      SocketChannel client, Selector selector, PerDirection<AtomicLong> forwarded)
      throws IOException {
    return new ProxyConnection(client, SocketChannel.open(), selector, Phase.SILENT, forwarded);
  }

  /**
   * Does what can be done now.
   *
   * @return the time at which there is more to do; {@link Flow#NEVER} when only the channels are
   *     awaited
   */
  long move(PerDirection<DirectionFaults> faults, long nowNanos) {
    try {
      return switch (phase) {
        case CONNECTING -> connect(faults, nowNanos);
        case FORWARDING -> forward(faults, nowNanos);
        case ENDING -> end(nowNanos);
        case SILENT, CLOSED -> Flow.NEVER;
      };
    } catch (IOException e) {
      // One end is broken; the other one shall see it.
      reset();
      return Flow.NEVER;
    }
  }

  private long connect(PerDirection<DirectionFaults> faults, long nowNanos) throws IOException {
    if (!server.finishConnect()) {
      serverKey.interestOps(SelectionKey.OP_CONNECT);
      return Flow.NEVER;
    }
    phase = Phase.FORWARDING;
    return forward(faults, nowNanos);
  }

  private long forward(PerDirection<DirectionFaults> faults, long nowNanos) throws IOException {
    long next =
        Math.min(
            flows.toServer().move(faults.toServer(), nowNanos),
            flows.toClient().move(faults.toClient(), nowNanos));
    if (flows.toServer().isOver()) {
      server.shutdownOutput();
    }
    if (flows.toClient().isOver()) {
      client.shutdownOutput();
    }
    if (flows.toServer().isOver() && flows.toClient().isOver()) {
      close();
      return Flow.NEVER;
    }
    clientKey.interestOps(interest(Direction.TO_SERVER, Direction.TO_CLIENT, faults));
    serverKey.interestOps(interest(Direction.TO_CLIENT, Direction.TO_SERVER, faults));
    return next;
  }

  private int interest(Direction input, Direction output, PerDirection<DirectionFaults> faults) {
    int reading = flows.of(input).wantsInput(faults.of(input)) ? SelectionKey.OP_READ : 0;
    int writing = flows.of(output).isBlocked() ? SelectionKey.OP_WRITE : 0;
    return reading | writing;
  }

  private long end(long nowNanos) throws IOException {
    boolean clientOver = isOver(client, clientKey);
    boolean serverOver = isOver(server, serverKey);
    if ((clientOver && serverOver) || nowNanos - closesAtNanos >= 0) {
      close();
      return Flow.NEVER;
    }
    return closesAtNanos;
  }

  /** Throws away what comes. */
  private static boolean isOver(SocketChannel channel, SelectionKey key) throws IOException {
    if (!channel.isConnected()) {
      return true;
    }
    ByteBuffer discarded = ByteBuffer.allocate(16 * 1024);
    int count;
    do {
      count = channel.read(discarded.clear());
    } while (count > 0);
    key.interestOps(count < 0 ? 0 : SelectionKey.OP_READ);
    return count < 0;
  }

  /** FIN to both ends; what is on its way is lost. */
  void cut(long nowNanos) {
    try {
      for (SocketChannel channel : List.of(client, server)) {
        if (channel.isConnected()) {
          channel.shutdownOutput();
        }
      }
      phase = Phase.ENDING;
      closesAtNanos = nowNanos + LINGER_NANOS;
    } catch (IOException e) {
      reset();
    }
  }

  /** RST to both ends. */
  void reset() {
    Sockets.reset(client);
    Sockets.reset(server);
    phase = Phase.CLOSED;
  }

  void close() {
    Sockets.close(client);
    Sockets.close(server);
    phase = Phase.CLOSED;
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }
}
