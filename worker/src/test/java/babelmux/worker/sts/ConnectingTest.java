package babelmux.worker.sts;

import static babelmux.worker.sts.wire.RawStsServer.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.worker.retry.Backoff;
import babelmux.worker.sts.wire.RawStsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a link gets to its service, and what it says when it does not. */
@Timeout(90)
class ConnectingTest {
  private static final StsSession SESSION =
      new StsSession("en", "es", 48_000, 2, Duration.ofSeconds(4));
  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));

  private static StsConfig.Builder config(URI url) {
    return StsConfig.builder(url).reconnect(QUICK);
  }

  /** Sends everybody elsewhere. */
  private static final class Redirecting implements AutoCloseable {
    private final ServerSocket listening =
        new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Redirecting(int status, String location) throws IOException {
      Thread thread = new Thread(() -> serve(status, location), "redirecting");
      thread.setDaemon(true);
      thread.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void serve(int status, String location) {
      while (!listening.isClosed()) {
        try (Socket socket = listening.accept()) {
          OutputStream out = socket.getOutputStream();
          out.write(
              "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .formatted(status, location)
                  .getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        } catch (IOException e) {
          // closed, or the client is gone
        }
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNeverFollowedSoThatTheTokenGoesNowhereElse(int status) throws Exception {
    try (RawStsServer elsewhere = new RawStsServer(greeting((peer, text) -> {}));
        Redirecting server =
            new Redirecting(status, elsewhere.url() + "/socket.io/?key=s3cret&EIO=4");
        StsLinks links = new StsLinks(config(server.url()).token("k3y").build())) {
      StsLink link = links.open("demo", SESSION, StsObserver.NONE);
      await().until(() -> link.status().reconnects() > 1);
      assertThat(elsewhere.peers).isEmpty();
      assertThat(link.status().lastError())
          .contains("HTTP " + status)
          .contains("redirects are not followed")
          .doesNotContain("s3cret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Unable to connect\"", "{\"message\":\"Invalid namespace\"}"})
  void aWrongNamespaceIsARefusalAndNoNetworkFault(String refusal) throws Exception {
    try (RawStsServer server = new RawStsServer((peer, text) -> peer.say("44/sts," + refusal));
        StsLinks links = new StsLinks(config(server.url()).namespace("/sts").build())) {
      StsLink link = links.open("demo", SESSION, StsObserver.NONE);
      await().until(() -> link.status().reconnects() > 0);
      assertThat(link.status().lastError())
          .contains("refused the connection to namespace /sts")
          .doesNotContain("cannot be reached");
    }
  }

  @Test
  void aTokenThatIsRefusedAsAPlainTextIsRefusedForGood() throws Exception {
    try (RawStsServer server = new RawStsServer((peer, text) -> peer.say("44\"AUTH_FAILED\""));
        StsLinks links = new StsLinks(config(server.url()).token("wrong").build())) {
      StsLink link = links.open("demo", SESSION, StsObserver.NONE);
      await().until(() -> link.status().state() == LinkState.PASS_THROUGH);
      assertThat(link.status().nextAttemptMs()).isEqualTo(-1);
    }
  }

  @Test
  void aLinkWhoseTokenWasRefusedConnectsAgainWithAnotherOne() throws Exception {
    BiConsumer<RawStsServer.Peer, String> greeting = greeting((peer, text) -> {});
    try (RawStsServer server =
            new RawStsServer(
                (peer, text) -> {
                  if (text.contains("wrong")) {
                    peer.say("44\"AUTH_FAILED\"");
                  } else {
                    greeting.accept(peer, text);
                  }
                });
        StsLinks links = new StsLinks(config(server.url()).token("wrong").build())) {
      StsLink link = links.open("demo", SESSION, StsObserver.NONE);
      await().until(() -> link.status().state() == LinkState.PASS_THROUGH);
      links.token("wrong");
      links.token("k3y");
      await().until(link::ready);
      assertThat(server.peers).as("the same token again is no reason to connect").hasSize(2);
    }
  }

  /** A listener whose queue is full: further attempts to connect get no answer at all. */
  private static final class Dead implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> waiting = new ArrayList<>();

    Dead(InetSocketAddress at) throws IOException {
      listening = new ServerSocket();
      listening.bind(at, 1);
      boolean answered = true;
      while (answered && waiting.size() < 16) {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(listening.getLocalSocketAddress(), 300);
        } catch (IOException e) {
          answered = false;
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : waiting) {
        socket.close();
      }
      listening.close();
    }
  }

  @Test
  void aDeadFirstAddressOfANameDoesNotKeepTheLinkFromTheSecond() throws Exception {
    try (StsEcho echo = StsEcho.start(StsEchoConfig.builder().host("127.0.0.1").port(0).build());
        Dead dead = new Dead(new InetSocketAddress("127.0.0.2", echo.port()));
        StsLinks links =
            new StsLinks(
                config(URI.create("http://sts.test:" + echo.port())).build(),
                System::nanoTime,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                name ->
                    List.of(
                        new InetSocketAddress("127.0.0.2", 0).getAddress(),
                        InetAddress.getLoopbackAddress()))) {
      StsLink link = links.open("demo", SESSION, StsObserver.NONE);
      await().atMost(60, TimeUnit.SECONDS).until(link::ready);
      assertThat(link.status().reconnects()).as("attempts after the first").isZero();
      assertThat(dead.waiting).as("attempts that filled its queue").isNotEmpty();
    }
  }
}
