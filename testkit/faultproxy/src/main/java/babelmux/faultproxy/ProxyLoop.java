package babelmux.faultproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All connections of one proxy, on one thread. Fields without a lock belong to that thread. */
final class ProxyLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ProxyLoop.class);

  private final SocketAddress target;
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final Queue<FutureTask<?>> requests = new ConcurrentLinkedQueue<>();
  private final PerDirection<AtomicLong> forwarded =
      new PerDirection<>(new AtomicLong(), new AtomicLong());
  private final long beganNanos = System.nanoTime();
  private volatile boolean closing;
  private volatile boolean ended;

  private PerDirection<DirectionFaults> faults =
      new PerDirection<>(DirectionFaults.NONE, DirectionFaults.NONE);
  private final List<ProxyConnection> connections = new ArrayList<>();
  private Admission admission = Admission.FORWARD;

  /** Treatment of a new connection. */
  enum Admission {
    FORWARD,
    SILENCE,
    RESET
  }

  ProxyLoop(SocketAddress target, int listenPort) throws IOException {
    this.target = target;
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    try {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), listenPort));
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      listener.close();
      selector.close();
      throw new IOException("port %d: %s".formatted(listenPort, e.getMessage()), e);
    }
  }

  int port() {
    return listener.socket().getLocalPort();
  }

  long forwarded(Direction direction) {
    return forwarded.of(direction).get();
  }

  /**
   * Runs work on the proxy's thread and waits for it. Any thread but that one.
   *
   * @throws IllegalStateException when the proxy is closed
   */
  <T> T call(Supplier<T> work) {
    FutureTask<T> request = new FutureTask<>(work::get);
    requests.add(request);
    selector.wakeup();
    if (ended) {
      request.cancel(false);
    }
    try {
      return request.get();
    } catch (CancellationException e) {
      throw new IllegalStateException("the proxy is closed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  List<ProxyConnection> connections() {
    return connections;
  }

  void change(Direction direction, UnaryOperator<DirectionFaults> change) {
    faults = faults.with(direction, change.apply(faults.of(direction)));
  }

  void admission(Admission value) {
    admission = value;
  }

  long nowNanos() {
    return System.nanoTime() - beganNanos;
  }

  @Override
  public void run() {
    try {
      long nextNanos = Flow.NEVER;
      while (!closing) {
        select(nextNanos);
        for (FutureTask<?> request = requests.poll(); request != null; request = requests.poll()) {
          request.run();
        }
        accept();
        nextNanos = move();
      }
    } catch (IOException e) {
      log.error("the fault proxy to {} failed", target, e);
    } finally {
      end();
    }
  }

  private void select(long nextNanos) throws IOException {
    long waitNanos = nextNanos - nowNanos();
    if (nextNanos == Flow.NEVER) {
      selector.select();
    } else if (waitNanos <= 0) {
      selector.selectNow();
    } else {
      selector.select(TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
    }
    // Every connection is looked at each time: there are few.
    selector.selectedKeys().clear();
  }

  private void accept() throws IOException {
    for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
      try {
        admit(client);
      } catch (IOException e) {
        // Such as no descriptor left: the others go on.
        log.warn("cannot forward a connection to {}: {}", target, e.getMessage());
        Sockets.reset(client);
      }
    }
  }

  private void admit(SocketChannel client) throws IOException {
    switch (admission) {
      case FORWARD ->
          connections.add(ProxyConnection.forwarding(client, target, selector, forwarded));
      case SILENCE -> connections.add(ProxyConnection.silent(client, selector, forwarded));
      case RESET -> Sockets.reset(client);
    }
  }

  private long move() {
    long nowNanos = nowNanos();
    long nextNanos = Flow.NEVER;
    for (ProxyConnection connection : connections) {
      nextNanos = Math.min(nextNanos, connection.move(faults, nowNanos));
    }
    connections.removeIf(ProxyConnection::isClosed);
    return nextNanos;
  }

  /** Makes {@link #run} end soon. Any thread. */
  void close() {
    closing = true;
    selector.wakeup();
  }

  private void end() {
    ended = true;
    for (FutureTask<?> request = requests.poll(); request != null; request = requests.poll()) {
      request.cancel(false);
    }
    connections.forEach(ProxyConnection::close);
    try {
      listener.close();
      selector.close();
    } catch (IOException e) {
      log.warn("the fault proxy to {} did not close", target, e);
    }
  }
}
