package babelmux.e2e;

import babelmux.demo.Web;
import babelmux.origin.FreePort;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Prometheus on a free port of loopback. Whoever starts it closes it; its folder is the
 * caller's.
 */
final class Prometheus implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long STOP_SECONDS = 5;

  private final Process process;
  private final String url;

  private Prometheus(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** The program on the PATH. */
  static Optional<Path> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "prometheus"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts; it is ready when this returns.
   *
   * @param folder with {@code prometheus.yml}; gets its data
   */
  static Prometheus start(Path program, Path folder) throws IOException {
    String address = "127.0.0.1:" + FreePort.onLoopback();
    Path said = folder.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + address,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    Prometheus started = new Prometheus(process, "http://" + address);
    try {
      Running.await(
          "Prometheus is ready",
          LIMIT,
          () -> !process.isAlive() || !Web.text(started.url + "/-/ready").isEmpty());
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    if (!process.isAlive()) {
      throw new IOException("Prometheus has ended: " + Files.readString(said));
    }
    return started;
  }

  /**
   * What a query gives now: a node for each series, with {@code metric} and {@code value}.
   *
   * @throws IllegalStateException when it is refused
   */
  List<JsonNode> query(String query) throws InterruptedException {
    String at = url + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    JsonNode answer = Web.json(at);
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalStateException("Prometheus refuses: " + query);
    }
    JsonNode result = answer.at("/data/result");
    return Stream.iterate(0, i -> i < result.size(), i -> i + 1).map(result::get).toList();
  }

  /** SIGTERM, and SIGKILL when that is not enough. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
