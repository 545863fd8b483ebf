package babelmux.app.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps on a proxy before a server that sends back what it gets. */
class DrillTest {
  private static final int LIMIT_MS = 30_000;

  private final List<String> said = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private ServerSocket server;
  private Drill drill;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread echo = new Thread(this::serve, "echo");
    echo.setDaemon(true);
    echo.start();
    URI url = URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    drill =
        Drill.open(
            Map.of("echo", new DrillPart(url, 0)),
            time -> answers.add(time + " " + ask()),
            said::add);
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread each = new Thread(() -> echo(client), "echo-client");
        each.setDaemon(true);
        each.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // The fault that was asked for.
    }
  }

  @AfterEach
  void stop() throws IOException {
    drill.close();
    server.close();
  }

  /** What a new connection gets for one byte: the byte, nothing within 300 ms, or a reset. */
  private String ask() {
    try (Socket socket = connect()) {
      socket.setSoTimeout(300);
      return socket.getInputStream().read() < 0 ? "end" : "byte";
    } catch (SocketTimeoutException e) {
      return "nothing";
    } catch (SocketException e) {
      return "reset";
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), drill.url("echo").getPort());
    socket.setSoTimeout(LIMIT_MS);
    socket.getOutputStream().write(7);
    return socket;
  }

  private void run(String line) throws InterruptedException {
    drill.run(DrillStep.parse(line, drill.parts()));
  }

  @Test
  void aFaultWithATimeIsThereForThatTimeAndThenOver() throws Exception {
    for (String fault : List.of("stall", "half-open", "refuse", "down", "delay 5s to-client")) {
      run("echo " + fault + " for 2s");
    }
    assertThat(answers)
        .containsExactly(
            "PT2S nothing", "PT2S nothing", "PT2S reset", "PT2S reset", "PT2S nothing");
    assertThat(ask()).isEqualTo("byte");
    assertThat(said)
        .contains("echo stall is over")
        .anyMatch(line -> line.startsWith("echo stall for 2s, "));
  }

  @Test
  void aFaultWithoutATimeLastsUntilItIsCleared() throws Exception {
    run("echo refuse");
    assertThat(ask()).isEqualTo("reset");
    run("wait 1s");
    assertThat(answers).containsExactly("PT1S reset");
    run("echo clear");
    assertThat(ask()).isEqualTo("byte");
  }

  @Test
  void runningConnectionsEndInTheWayThatWasAskedFor() throws Exception {
    try (Socket cut = connect()) {
      InputStream in = cut.getInputStream();
      assertThat(in.read()).isEqualTo(7);
      run("echo cut");
      assertThat(in.read()).isNegative();
    }
    for (String fault : Set.of("reset", "down")) {
      try (Socket reset = connect()) {
        InputStream in = reset.getInputStream();
        assertThat(in.read()).isEqualTo(7);
        run("echo " + fault);
        assertThatIOException().isThrownBy(in::read);
      }
      run("echo clear");
    }
    assertThat(said).contains("echo cut, connections: 1");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int port = server.getLocalPort();
    DrillPart part = new DrillPart(URI.create("tcp://127.0.0.1:1"), port);
    assertThatIOException()
        .isThrownBy(() -> Drill.open(Map.of("x", part), time -> {}, said::add))
        .withMessageStartingWith("port " + port + ": ");
  }

  @Test
  void aFaultEndsWithAnInterrupt() throws Exception {
    try (Drill interrupted =
        Drill.open(
            Map.of(
                "echo", new DrillPart(URI.create("tcp://127.0.0.1:" + server.getLocalPort()), 0)),
            time -> {
              throw new InterruptedException(Duration.ZERO.toString());
            },
            said::add)) {
      DrillStep step = DrillStep.parse("echo refuse for 1h", interrupted.parts());
      assertThatThrownBy(() -> interrupted.run(step)).isInstanceOf(InterruptedException.class);
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), interrupted.url("echo").getPort())) {
        socket.setSoTimeout(LIMIT_MS);
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
      }
    }
  }
}
