package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.Direction;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.hooks.TestStreams;
import babelmux.worker.config.WorkerConfig;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Control API that is denied, down, slow or broken, and hooks that were lost meanwhile. */
@Tag("slow")
@Timeout(60)
class ReconcilerTest {
  private static final Duration API_LIMIT = Duration.ofMillis(300);
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final List<FakeStream> started = new CopyOnWriteArrayList<>();
  private final Map<String, String> publishers = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StreamRegistry registry = FakeStream.registry(started, 100, Duration.ofMinutes(15));
  private final TestStreams tests = new TestStreams();
  private volatile String fault = "";
  private HttpServer server;
  private Reconciler reconciler;

  @BeforeEach
  void start() throws IOException {
    listen(0);
    PathPattern paths = PathPattern.parse(WorkerConfig.defaults().input().pathPattern().pattern());
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    ControlApiClient api = new ControlApiClient(url, API_LIMIT, API_LIMIT);
    reconciler = new Reconciler(api, paths, tests, registry, INTERVAL, true);
    reconciler.start();
  }

  private void listen(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    reconciler.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String now = fault;
    if (now.equals("slow")) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    int status = now.matches("\\d+") ? Integer.parseInt(now) : 200;
    String items =
        publishers.entrySet().stream()
            .map(
                publisher ->
                    """
                    {"name": "live/%s/in", "ready": true, "source": {"type": "rtmpConn", "id": "%s"}}"""
                        .formatted(publisher.getKey(), publisher.getValue()))
            .collect(Collectors.joining(","));
    if (exchange.getRequestURI().getPath().equals("/v3/rtmpconns/get/chooses")) {
      answerWith(
          exchange, status, "{\"id\": \"chooses\", \"query\": \"lang%3Des%26to%3Dyoutube\"}");
      return;
    }
    String body =
        now.equals("foreign") ? "<html>" : "{\"pageCount\": 1, \"items\": [" + items + "]}";
    answerWith(exchange, status, body);
  }

  private static void answerWith(HttpExchange exchange, int status, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static SourceEvent event(String stream, String source) {
    return new SourceEvent(
        "live/" + stream + "/in", stream, Direction.IN, "rtmpConn", source, "", "test");
  }

  private FakeStream only(String id) {
    List<FakeStream> found =
        started.stream().filter(stream -> stream.source().streamId().equals(id)).toList();
    assertThat(found).as("sessions of " + id).hasSize(1);
    return found.get(0);
  }

  /** The registry's threads write this while they hold its lock. */
  private List<String> told(String id) {
    synchronized (registry) {
      return List.copyOf(only(id).told);
    }
  }

  private int timesServerAnswered(String id) {
    synchronized (registry) {
      return only(id).timesServerAnswered;
    }
  }

  @Test
  void whoWaitsForTheFirstComparisonSeesTheStreamsThatItFound() throws Exception {
    reconciler.close();
    publishers.put("was-there", "source");
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    PathPattern paths = PathPattern.parse(WorkerConfig.defaults().input().pathPattern().pattern());
    reconciler =
        new Reconciler(
            new ControlApiClient(url, API_LIMIT, API_LIMIT),
            paths,
            tests,
            registry,
            Duration.ofMinutes(1),
            true);
    reconciler.start();
    reconciler.awaitFirst(Duration.ofSeconds(30));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aTestPublishOfDoctorIsNotedAndStartsNothing() {
    String test = tests.issue();
    publishers.put(test, "doctor");
    publishers.put(TestStreams.PREFIX + "late", "squatter");
    publishers.put("real", "source");
    await().until(() -> started.size() == 1 && tests.arrivals(test).listed());
    assertThat(only("real").source().streamId()).isEqualTo("real");
    assertThat(registry.ids()).containsExactly("real");
  }

  /** Its destinations may stand there. */
  @Test
  void aSourceThatNoHookToldOfIsStartedWithItsQuery() {
    publishers.put("with", "chooses");
    publishers.put("without", "none");
    await().until(() -> started.size() == 2);
    assertThat(only("with").source().query()).isEqualTo("lang=es&to=youtube");
    assertThat(only("without").source().query()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "401, status 401",
    "403, status 403",
    "500, status 500",
    "foreign, Control API there",
    "slow, timed out",
    "down, 127.0.0.1",
  })
  void aFaultIsNamedHooksWorkOnAndWhatTheyMissedIsMadeUpForAfterIt(String kind, String reason)
      throws IOException {
    publishers.put("before", "1");
    assertThat(registry.ready(event("before", "1"))).isInstanceOf(HookVerdict.Started.class);
    int port = server.getAddress().getPort();
    fault = kind;
    if (kind.equals("down")) {
      server.stop(0);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(reconciler.failure().map(Throwable::getMessage))
                    .hasValueSatisfying(contains(reason)));

    publishers.put("during", "2");
    for (int doubled = 0; doubled < 2; doubled++) {
      assertThat(registry.ready(event("during", "2"))).isInstanceOf(HookVerdict.Started.class);
    }
    // This one's ready is lost, and the first one's not-ready.
    publishers.put("lost", "3");
    publishers.remove("before");
    assertThat(registry.ids()).containsExactlyInAnyOrder("before", "during");
    assertThat(told("before")).isEmpty();
    int answeredBefore = timesServerAnswered("during");

    fault = "";
    if (kind.equals("down")) {
      listen(port);
    }
    await().until(() -> reconciler.failure().isEmpty());
    await().until(() -> registry.ids().contains("lost"));
    await().until(() -> told("before").contains("source gone"));
    assertThat(registry.ids()).containsExactlyInAnyOrder("before", "during", "lost");
    await().until(() -> timesServerAnswered("during") > answeredBefore);
    assertThat(told("during")).isEmpty();
    assertThat(only("lost").source().sourceId()).isEqualTo("3");
  }

  private static Consumer<String> contains(String text) {
    return said -> assertThat(said).contains(text);
  }

  @Test
  void oneComparisonMakesUpForReplacedPublishersWhoseHooksWereLost() {
    publishers.put("a", "1");
    publishers.put("b", "1");
    registry.ready(event("a", "1"));
    registry.ready(event("b", "1"));
    publishers.put("a", "2");
    await().until(() -> told("a").contains("source is 2"));
    assertThat(told("b")).isEmpty();
    assertThat(started).hasSize(2);
  }
}
