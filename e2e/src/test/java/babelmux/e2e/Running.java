package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.origin.EmbeddedOrigin;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Origin, stand-in and worker, looked at from outside. The delay is 8 s and the grace 1 s where a
 * test does not ask for others. Any thread; whoever starts it closes it.
 */
final class Running implements AutoCloseable {
  static final Duration DELAY = Duration.ofSeconds(8);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Set<String> FINAL = Set.of("ENDED", "FAILED");

  private static final JsonMapper JSON = new JsonMapper();

  private final LocalStack stack;

  private Running(LocalStack stack) {
    this.stack = stack;
  }

  static Running start(StsEchoConfig.Builder sts, Map<String, String> settings)
      throws IOException, InterruptedException {
    return startOn(Servers.current(), sts, settings);
  }

  static Running startOn(String server, StsEchoConfig.Builder sts, Map<String, String> settings)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>();
    all.put("delay", DELAY.toMillis() + "ms");
    all.put("source.grace", "1s");
    // A machine that is busy with other tests would refuse the next stream.
    all.put("admission.cpu", "false");
    all.putAll(settings);
    PrintWriter quiet = new PrintWriter(PrintWriter.nullWriter());
    return new Running(LocalStackFactory.start(server, sts.port(0).build(), all, quiet));
  }

  /** A system that was started otherwise; closed with this. */
  static Running of(LocalStack stack) {
    return new Running(stack);
  }

  LocalStack stack() {
    return stack;
  }

  EmbeddedOrigin origin() {
    return (EmbeddedOrigin) stack.server();
  }

  /** Publishes with an offset of 3 s, so that nothing is kept back. */
  MediaTask publish(String id, Path film) throws IOException {
    return StreamPublisher.publish(film, stack.inputUrl(id), 3);
  }

  /** Publishes a film and waits until its stream is over; the status then. */
  JsonNode play(String id, Path film) throws IOException, InterruptedException {
    try (MediaTask publisher = publish(id, film)) {
      assertThat(publisher.await(Duration.ofSeconds(90))).as("publisher's end").isTrue();
      assertThat(publisher.said()).isEmpty();
    }
    return awaitOver(id);
  }

  /** Records the output from its first moment on; waits until the stream is over. */
  JsonNode playAndRecord(String id, Path film, Path recording)
      throws IOException, InterruptedException {
    try (MediaTask publisher = publish(id, film)) {
      awaitListed("live/" + id + "/out", DELAY.plusSeconds(10));
      try (MediaTask viewer = StreamRecorder.record(stack.outputUrl(id), recording)) {
        JsonNode status = awaitOver(id);
        assertThat(viewer.await(Duration.ofSeconds(15))).as("the viewer's end").isTrue();
        assertThat(publisher.said()).isEmpty();
        return status;
      }
    }
  }

  void awaitListed(String path, Duration limit) {
    String url = stack.server().apiUrl() + "/v3/paths/get/" + path;
    await(
        path + " is ready",
        limit,
        () -> {
          JsonNode found = Web.json(url);
          return found.path("ready").asBoolean() || found.path("available").asBoolean();
        });
  }

  /** Whether somebody reads a path. */
  boolean isRead(String path) throws InterruptedException {
    for (JsonNode connection :
        Web.json(stack.server().apiUrl() + "/v3/rtmpconns/list").path("items")) {
      if (connection.path("path").asText().equals(path)
          && connection.path("state").asText().equals("read")) {
        return true;
      }
    }
    return false;
  }

  JsonNode stream(String id) throws InterruptedException {
    return Web.json(url("/v1/streams/" + id));
  }

  JsonNode streams() throws InterruptedException {
    return Web.json(url("/v1/streams"));
  }

  /** Asks the worker to end a stream in an orderly way. */
  void drain(String id) throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(URI.create(url("/v1/streams/" + id))).DELETE().build());
  }

  /** Asks the worker to end a stream at once. */
  void drop(String id) throws IOException, InterruptedException {
    String url = url("/v1/streams/" + id + "?now=true");
    send(HttpRequest.newBuilder(URI.create(url)).DELETE().build());
  }

  /** Posts JSON to the worker; the status of its answer. */
  int post(String path, Map<String, String> body) throws InterruptedException {
    return Web.post(url(path), JSON.valueToTree(body).toString());
  }

  /** Ends the connections of all who read a path, as an operator of the server would. */
  void kickReaders(String path) throws IOException, InterruptedException {
    String api = stack.server().apiUrl() + "/v3/rtmpconns/";
    for (JsonNode connection : Web.json(api + "list").path("items")) {
      if (connection.path("path").asText().equals(path)
          && connection.path("state").asText().equals("read")) {
        String kick = api + "kick/" + connection.path("id").asText();
        send(HttpRequest.newBuilder(URI.create(kick)).POST(BodyPublishers.noBody()).build());
      }
    }
  }

  /** Sends a DELETE to the worker; the status of its answer. */
  int delete(String path) throws IOException, InterruptedException {
    return answer(HttpRequest.newBuilder(URI.create(url(path))).DELETE().build()).statusCode();
  }

  private static HttpResponse<String> answer(HttpRequest request)
      throws IOException, InterruptedException {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = answer(request);
    assertThat(response.statusCode()).as(request + ": " + response.body()).isBetween(200, 299);
  }

  JsonNode awaitOver(String id) throws InterruptedException {
    await(
        id + " is over",
        Duration.ofSeconds(90),
        () -> FINAL.contains(stream(id).path("state").asText()));
    return stream(id);
  }

  void awaitState(String id, String state, Duration limit) {
    await(id + " is " + state, limit, () -> stream(id).path("state").asText().equals(state));
  }

  /** Waits until so many of a stream's segments have been cut. */
  void awaitSegments(String id, int count, Duration limit) {
    await(
        count + " segments of " + id,
        limit,
        () -> stream(id).path("segments").path("cut").asInt() >= count);
  }

  static void await(String what, Duration limit, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }

  String url(String path) {
    return stack.workerUrl() + path;
  }

  /** The sum of a stream's samples of a metric, among those whose labels contain a text. */
  double metric(String name, String id, String label) throws InterruptedException {
    Pattern line = Pattern.compile("^" + name + "\\{([^}]*)\\} (\\S+)$", Pattern.MULTILINE);
    Matcher matcher = line.matcher(Web.text(url("/metrics")));
    double sum = 0;
    while (matcher.find()) {
      String labels = matcher.group(1);
      if (labels.contains("stream_id=\"" + id + "\"") && labels.contains(label)) {
        sum += Double.parseDouble(matcher.group(2));
      }
    }
    return sum;
  }

  /**
   * A stream's samples of some metrics that are not 0, by the value of their last label but the id.
   */
  Map<String, Integer> counted(String id, Set<String> names) throws InterruptedException {
    Pattern line = Pattern.compile("^(\\w+)\\{([^}]*)\\} (\\S+)$", Pattern.MULTILINE);
    Pattern label = Pattern.compile("(?!stream_id)\\b\\w+=\"(\\w+)\"");
    Matcher matcher = line.matcher(Web.text(url("/metrics")));
    Map<String, Integer> counted = new TreeMap<>();
    while (matcher.find()) {
      int value = (int) Double.parseDouble(matcher.group(3));
      boolean wanted =
          names.contains(matcher.group(1))
              && matcher.group(2).contains("stream_id=\"" + id + "\"")
              && value != 0;
      if (wanted) {
        Matcher kind = label.matcher(matcher.group(2));
        counted.put(kind.find() ? kind.group(1) : matcher.group(1), value);
      }
    }
    return counted;
  }

  @Override
  public void close() {
    stack.close();
  }
}
