package babelmux.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A port that another program may have. */
@Timeout(30)
class WorkerPortTest {
  private static final String TOKEN = "t0ken-of-the-operator";
  private static final Duration LIMIT = Duration.ofMillis(600);

  private static WorkerPort port(int number) throws IOException {
    WorkerConfig config =
        ConfigLoader.load(
                Map.of("http.port", Integer.toString(number), "api.token", TOKEN), Map.of(), null)
            .config();
    return new WorkerPort(config.http(), config.access().token());
  }

  /** Answers with this, then with a byte now and then, until nobody reads. */
  private static Thread drip(ServerSocket server, String first) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket client = server.accept()) {
                InputStream in = client.getInputStream();
                OutputStream out = client.getOutputStream();
                out.write(first.getBytes(StandardCharsets.ISO_8859_1));
                client.setSoTimeout(100);
                while (true) {
                  try {
                    if (in.read() < 0) {
                      return;
                    }
                  } catch (IOException e) {
                    out.write('x');
                    out.flush();
                  }
                }
              } catch (IOException e) {
                // The client has had enough.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void assertEndsInTime(String first) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread dripping = drip(server, first);
      long begin = System.nanoTime();
      assertThatThrownBy(() -> port(server.getLocalPort()).ask("POST", "/v1/doctor", LIMIT))
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      dripping.join(5_000);
      assertThat(dripping.isAlive()).as("the connection is closed").isFalse();
    }
  }

  @Test
  void anAnswerThatNeverEndsIsNotWaitedFor() throws Exception {
    assertEndsInTime("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
  }

  @Test
  void headersThatNeverEndAreNotWaitedFor() throws Exception {
    assertEndsInTime("HTTP/1.1 200 OK\r\nX-Long: ");
  }

  @Test
  void theTokenIsForTheApiAloneAndNoRedirectIsFollowed() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    other.createContext(
        "/",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("Accept")).doesNotContain("html");
          asked.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    other.start();
    try {
      WorkerPort port = port(other.getAddress().getPort());
      assertThat(port.isWorker(LIMIT)).isFalse();
      assertThat(port.ask("GET", "/v1/doctor", LIMIT).status()).isEqualTo(302);
    } finally {
      other.stop(0);
    }
    assertThat(asked).containsExactly("/ []", "/v1/doctor [Bearer " + TOKEN + "]");
  }

  @Test
  void aReasonIsOneLine() {
    assertThat(new WorkerPort.Reply(409, "{\"detail\":\"busy\\nfail BMX-101\"}").detail())
        .isEqualTo("busy\\u000afail BMX-101");
    assertThat(new WorkerPort.Reply(500, "<html>").detail()).isEmpty();
    assertThat(new WorkerPort.Reply(500, "{}").detail()).isEmpty();
    assertThat(new WorkerPort.Reply(500, "{\"detail\":\"" + "x".repeat(9_999) + "\"}").detail())
        .hasSizeLessThan(400);
  }
}
