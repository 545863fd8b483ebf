package babelmux.faultproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault, seen from both ends on real sockets. */
@Timeout(60)
class FaultProxyTest {
  private static final int QUIET_MILLIS = 200;

  private final ServerSocket server;
  private final FaultProxy proxy;

  FaultProxyTest() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setSoTimeout(20_000);
    proxy = FaultProxy.to(URI.create("rtmp://127.0.0.1:" + server.getLocalPort() + "/live"));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, int... bytes) throws IOException {
    for (int b : bytes) {
      socket.getOutputStream().write(b);
    }
  }

  private static byte[] receive(Socket socket, int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  private static void assertReceivesNothing(Socket socket) throws IOException {
    int before = socket.getSoTimeout();
    socket.setSoTimeout(QUIET_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(before);
  }

  /** Reads to the end, or to a reset. */
  private static void readAll(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    while (in.read() >= 0) {
      // on
    }
  }

  @Test
  void itForwardsBothWaysAndPassesTheEndOn() throws IOException {
    assertThat(proxy.url()).hasToString("rtmp://127.0.0.1:" + proxy.port() + "/live");
    try (Socket client = connect();
        Socket peer = accept()) {
      send(client, 1, 2, 3);
      assertThat(receive(peer, 3)).containsExactly(1, 2, 3);
      client.shutdownOutput();
      assertThat(peer.getInputStream().read()).isEqualTo(-1);
      send(peer, 4);
      assertThat(receive(client, 1)).containsExactly(4);
      // Counted after the write, which the receiver may see first.
      await().until(() -> proxy.forwarded(Direction.TO_SERVER) == 3);
      await().until(() -> proxy.forwarded(Direction.TO_CLIENT) == 1);
      assertThat(proxy.connections()).isEqualTo(1);
    }
    await().until(() -> proxy.connections() == 0);
  }

  @Test
  void aStallInOneDirectionLeavesTheOtherAlone() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      proxy.stall(Direction.TO_SERVER, true);
      send(client, 1, 2);
      send(peer, 3);
      assertThat(receive(client, 1)).containsExactly(3);
      assertReceivesNothing(peer);
      proxy.clear();
      assertThat(receive(peer, 2)).containsExactly(1, 2);
    }
  }

  @Test
  void aDelayIsHeldAndSlicesArriveWhole() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(300));
      proxy.slice(Direction.TO_CLIENT, 1);
      long since = System.nanoTime();
      peer.getOutputStream().write(new byte[2_000]);
      assertThat(receive(client, 2_000)).hasSize(2_000);
      assertThat(System.nanoTime() - since).isGreaterThanOrEqualTo(300_000_000L);
    }
  }

  @Test
  void aThrottleHoldsTheRate() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      proxy.throttle(Direction.TO_SERVER, 20_000);
      long since = System.nanoTime();
      client.getOutputStream().write(new byte[10_000]);
      assertThat(receive(peer, 10_000)).hasSize(10_000);
      assertThat(System.nanoTime() - since).isGreaterThan(350_000_000L);
    }
  }

  @Test
  void aCutIsTheEndOfTheInputForBoth() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      send(client, 1);
      receive(peer, 1);
      assertThat(proxy.cut()).isEqualTo(1);
      readAll(client);
      readAll(peer);
    }
    await().until(() -> proxy.connections() == 0);
    try (Socket next = connect();
        Socket peer = accept()) {
      send(next, 1);
      assertThat(receive(peer, 1)).containsExactly(1);
    }
  }

  @Test
  void aCutConnectionDoesNotStayForSomeoneWhoSendsOn() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      assertThat(peer.isConnected()).isTrue();
      proxy.cut();
      await()
          .untilAsserted(
              () -> assertThatThrownBy(() -> send(client, 1)).isInstanceOf(IOException.class));
    }
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void aResetIsAResetForBoth() throws IOException {
    try (Socket client = connect();
        Socket peer = accept()) {
      send(client, 1);
      receive(peer, 1);
      assertThat(proxy.reset()).isEqualTo(1);
      assertReset(client);
      assertReset(peer);
      assertThat(proxy.reset()).isZero();
    }
  }

  @Test
  void aResetOfOneEndIsPassedOn() throws IOException {
    try (Socket client = connect()) {
      try (Socket peer = accept()) {
        peer.setSoLinger(true, 0);
      }
      assertReset(client);
    }
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> readAll(socket))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void halfOpenIsAcceptedAndThenSilent() throws IOException {
    try (Socket running = connect();
        Socket peer = accept()) {
      proxy.halfOpen(true);
      try (Socket client = connect()) {
        send(client, 1);
        assertReceivesNothing(client);
        proxy.halfOpen(false);
        assertReceivesNothing(client);
        send(running, 2);
        assertThat(receive(peer, 1)).containsExactly(2);
        await().until(() -> proxy.connections() == 2);
        proxy.reset();
        assertReset(client);
      }
    }
  }

  @Test
  void newConnectionsAreRefusedAndRunningOnesGoOn() throws IOException {
    try (Socket running = connect();
        Socket peer = accept()) {
      proxy.refuse(true);
      try (Socket client = connect()) {
        assertReset(client);
      }
      send(running, 1);
      assertThat(receive(peer, 1)).containsExactly(1);
      proxy.refuse(false);
      try (Socket client = connect();
          Socket accepted = accept()) {
        send(client, 2);
        assertThat(receive(accepted, 1)).containsExactly(2);
      }
    }
  }

  @Test
  void aServerThatIsNotThereIsAReset() throws IOException {
    server.close();
    try (Socket client = connect()) {
      assertReset(client);
    }
  }

  @Test
  void nothingIsLeftWhenItIsClosed() throws IOException {
    String name = "fault-proxy-" + proxy.port();
    try (Socket client = connect();
        Socket peer = accept()) {
      proxy.close();
      proxy.close();
      readAll(client);
      readAll(peer);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals(name));
    assertThatThrownBy(() -> proxy.cut()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> FaultProxy.to(URI.create("rtmp://127.0.0.1/live")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaultProxy.to(URI.create("rtmp://no-such-host.invalid:1935/live")))
        .isInstanceOf(UnknownHostException.class);
  }
}
