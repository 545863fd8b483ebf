package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.streams.JournalFeed;
import babelmux.worker.streams.StreamState;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The events of a worker's port, over real sockets, at their real pace. */
@Tag("slow")
@Timeout(120)
class EventsApiTest {

  private static final String EVENTS = "/v1/events";
  private static final String TOKEN = "a-token-of-some-length";

  private final Vertx vertx = Vertx.vertx();
  private final Logger log = (Logger) LoggerFactory.getLogger(EventMaker.class);
  private final EventStreams streams = new EventStreams();
  private final List<EventClient> clients = new ArrayList<>();
  private ApiServer server;

  EventsApiTest() throws Exception {
    server = server(AccessConfig.LOOPBACK);
  }

  private ApiServer server(AccessConfig access) throws Exception {
    return ApiServer.start(vertx, new HttpConfig("127.0.0.1", 0), access, streams.parts());
  }

  @BeforeEach
  void twoStreams() {
    streams.put("a", StreamState.LIVE, "a1");
    streams.put("b", StreamState.LIVE, "b1");
  }

  @AfterEach
  void stop() throws Exception {
    log.setLevel(null);
    for (EventClient client : clients) {
      client.close();
    }
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private EventClient open(String path, String... headers) throws IOException {
    EventClient client = EventClient.open(server.port(), path, headers);
    clients.add(client);
    return client;
  }

  /** One that has everything that comes at the beginning. */
  private EventClient joined(String path, String... headers) throws IOException {
    EventClient client = open(path, headers);
    await().until(() -> !client.events("worker").isEmpty() && !client.events("stream").isEmpty());
    return client;
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoComesGetsTheStateOfEverything() throws Exception {
    EventClient client =
        joined(EVENTS, "Accept-Encoding: gzip, deflate", "Accept: text/event-stream");
    assertThat(client.status()).isEqualTo(200);
    assertThat(client.header("content-type")).isEqualTo("text/event-stream");
    assertThat(client.header("cache-control")).isEqualTo("no-store");
    assertThat(client.header("x-accel-buffering")).isEqualTo("no");
    assertThat(client.header("content-encoding")).isIn(null, "identity");
    assertThat(client.all().get(0).text()).isEqualTo("retry: 2000\n");
    assertThat(client.streams("a").get(0).text())
        .isEqualTo("event: stream\ndata: " + send("GET", "/v1/streams/a").body() + "\n");
    assertThat(client.streams("b")).isNotEmpty();
    assertThat(client.events("worker").get(0).field("version")).isEqualTo("1.2.3");
    assertThat(client.events("journal")).isEmpty();
    assertThat(client.events("reset")).isEmpty();
  }

  /** As nginx asks where nobody has told it otherwise. */
  @Test
  void aClientOfHttp10IsAnsweredToo() throws Exception {
    EventClient client = EventClient.openAsHttp10(server.port(), EVENTS);
    clients.add(client);
    await().until(() -> client.streams("a").size() >= 2);
    assertThat(client.header("transfer-encoding")).isNull();
    assertThat(client.all().get(0).text()).isEqualTo("retry: 2000\n");
  }

  @Test
  void aStreamComesEachSecondAndTheWorkerEachTwo() throws Exception {
    EventClient client = joined(EVENTS);
    await().until(() -> client.streams("a").size() >= 6 && client.events("worker").size() >= 3);
    List<EventClient.Event> states = client.streams("a");
    double seconds = (states.get(5).atNanos() - states.get(1).atNanos()) / 1e9;
    assertThat(seconds).as("four periods of 1 s").isBetween(3.5, 5.5);
    assertThat(client.streams("b")).hasSizeBetween(5, 7);
    assertThat(client.events("worker").size()).isLessThanOrEqualTo(states.size() / 2 + 1);
    assertThat(client.all()).noneMatch(event -> event.id() != null);
  }

  @Test
  void whatHappensToAStreamIsSentSoonAndItsStateWithIt() throws Exception {
    EventClient client = joined(EVENTS);
    List<Long> tookMillis = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      streams.put("b", StreamState.LIVE, "changed " + i);
      streams.happened("b", "on_air");
      long began = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  client.events("journal").size() > number
                      && client.streams("b").stream()
                          .anyMatch(state -> state.text().contains("changed " + number)));
      tookMillis.add((System.nanoTime() - began) / 1_000_000);
    }
    // The machine may be busy once; without this, the mean would be half a second.
    assertThat(tookMillis.stream().sorted().toList().get(4)).isLessThan(250);
    EventClient.Event event = client.events("journal").get(0);
    assertThat(event.id()).isEqualTo(streams.journal.id(1));
    assertThat(event.field("streamId")).isEqualTo("b");
    assertThat(event.field("event")).isEqualTo("on_air");
    assertThat(event.field("detail")).isEqualTo("as \"planted\"\n");
  }

  @Test
  void aStreamThatIsListedNoLongerIsGone() throws Exception {
    EventClient client = joined(EVENTS);
    streams.all.remove("b");
    await().until(() -> !client.events("gone").isEmpty());
    assertThat(client.events("gone").get(0).text())
        .isEqualTo("event: gone\ndata: {\"streamId\":\"b\"}\n");
    EventClient later = joined(EVENTS);
    assertThat(later.streams("b")).isEmpty();
    assertThat(later.streams("a")).isNotEmpty();
  }

  @Test
  void whoComesBackGetsWhatItMissedInItsOrder() throws Exception {
    EventClient first = joined(EVENTS);
    streams.happened("a", "cut");
    streams.happened("b", "cut");
    await().until(() -> first.events("journal").size() == 2);
    String last = String.valueOf(first.events("journal").get(1).id());
    first.close();
    streams.happened("a", "sent");
    streams.happened("b", "sent");
    EventClient again = joined(EVENTS, "Last-Event-ID: " + last);
    streams.happened("a", "answered");
    await().until(() -> again.events("journal").size() == 3);
    assertThat(again.events("journal"))
        .extracting(EventClient.Event::id)
        .containsExactly(streams.journal.id(3), streams.journal.id(4), streams.journal.id(5));
    assertThat(again.events("reset")).isEmpty();
    EventClient without = joined(EVENTS);
    streams.happened("a", "dubbed");
    await().until(() -> !without.events("journal").isEmpty());
    assertThat(without.events("journal"))
        .extracting(EventClient.Event::id)
        .containsExactly(streams.journal.id(6));
  }

  @Test
  void whatIsGoneFromTheRingIsAReset() throws Exception {
    for (int i = 0; i < JournalFeed.KEPT + 5; i++) {
      streams.happened("a", "cut");
    }
    EventClient client = joined(EVENTS, "Last-Event-ID: " + streams.journal.id(2));
    await().until(() -> client.events("journal").size() == JournalFeed.KEPT);
    assertThat(client.all().get(1).text())
        .isEqualTo(
            "event: reset\ndata: {\"reason\":\"3 events are gone: the last 1000 are kept\"}\n");
    assertThat(client.events("journal").get(0).id()).isEqualTo(streams.journal.id(6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789ab-1",
        "",
        "-",
        "1",
        "x-1",
        "<script>",
        "null",
        "-1",
        "%00",
        "0x10-0x10",
        "99999999999999999999999999999-1"
      })
  void anotherWorkersIdAndGarbageAreAReset(String lastId) throws Exception {
    streams.happened("a", "cut");
    EventClient client = joined(EVENTS, "Last-Event-ID: " + lastId);
    assertThat(client.events("reset")).hasSize(1);
    assertThat(client.all().get(1).name()).isEqualTo("reset");
    assertThat(client.events("journal")).hasSize(1);
    assertThat(client.streams("a")).isNotEmpty();
  }

  @Test
  void anEndlessIdIsAResetToo() throws Exception {
    EventClient client = joined(EVENTS, "Last-Event-ID: " + "7".repeat(6000));
    assertThat(client.events("reset")).hasSize(1);
  }

  @Test
  void ofOneStreamNothingOfOthersIsSent() throws Exception {
    EventClient client = joined("/v1/streams/a/events");
    EventClient all = joined(EVENTS);
    streams.happened("b", "cut");
    streams.happened("a", "cut");
    streams.all.remove("b");
    await().until(() -> all.events("gone").size() == 1 && client.streams("a").size() >= 3);
    assertThat(client.events("journal"))
        .extracting(EventClient.Event::id)
        .containsExactly(streams.journal.id(2));
    assertThat(client.streams("b")).isEmpty();
    assertThat(client.events("gone")).isEmpty();
    assertThat(client.events("worker")).isNotEmpty();
    streams.all.remove("a");
    await().until(() -> !client.events("gone").isEmpty());
    assertThat(client.isOver()).as("it may come back").isFalse();
  }

  @Test
  void ofAStreamThatIsNotThereIs404() throws Exception {
    HttpResponse<String> answer = send("GET", "/v1/streams/none/events");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("stream_not_found");
    assertThat(streams.readers).isEmpty();
  }

  @Test
  void aHeadIsAnsweredWithoutEvents() throws Exception {
    HttpResponse<String> answer = send("HEAD", EVENTS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(streams.readers).isEmpty();
  }

  @Test
  void moreThanSixtyFourReadersAreRefused() throws Exception {
    for (int i = 0; i < EventFeed.MAX_READERS; i++) {
      assertThat(open(i % 2 == 0 ? EVENTS : "/v1/streams/a/events").status()).isEqualTo(200);
    }
    EventClient last = clients.get(EventFeed.MAX_READERS - 1);
    await().until(() -> !last.streams("a").isEmpty());
    HttpResponse<String> refused = send("GET", EVENTS);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("10");
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(refused.body()).contains("\"error\":\"too_many_readers\"");
    assertThat(streams.readers).last().isEqualTo(64);
    for (int i = 0; i < 3; i++) {
      clients.get(i).close();
    }
    await().until(() -> streams.readers.get(streams.readers.size() - 1) == 61);
    EventClient next = joined(EVENTS);
    assertThat(next.streams("a")).isNotEmpty();
    assertThat(streams.disconnected).as("they left by themselves").hasValue(0);
  }

  @Test
  void aReaderThatDoesNotReadIsDisconnectedAndHurtsNobody() throws Exception {
    // Sockets take some megabytes.
    streams.put("big", StreamState.LIVE, "x".repeat(2 << 20));
    EventClient reads = joined("/v1/streams/a/events");
    EventClient stalled = EventClient.openAndReadNoMore(server.port(), EVENTS);
    clients.add(stalled);
    long began = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> streams.disconnected.get() == 1);
    assertThat((System.nanoTime() - began) / 1e9).isGreaterThan(9);
    await().untilAsserted(() -> assertThat(stalled.isRefused()).isTrue());
    assertThat(streams.readers).last().isEqualTo(1);
    List<EventClient.Event> states = reads.streams("a");
    assertThat(states).hasSizeGreaterThan(8);
    for (int i = 2; i < states.size(); i++) {
      assertThat((states.get(i).atNanos() - states.get(i - 1).atNanos()) / 1e9).isLessThan(2.0);
    }
  }

  @Test
  void aStreamThatCannotBeShownEndsNothing() throws Exception {
    log.setLevel(Level.OFF);
    EventClient client = joined(EVENTS);
    streams.all.put(
        "a",
        () -> {
          throw new StackOverflowError("planted");
        });
    int before = client.streams("b").size();
    await().until(() -> client.streams("b").size() >= before + 3);
    int broken = client.streams("a").size();
    assertThat(client.events("gone")).isEmpty();
    EventClient later = open(EVENTS);
    await().until(() -> !later.streams("b").isEmpty());
    streams.put("a", StreamState.LIVE, "again");
    await().until(() -> client.streams("a").size() > broken && !later.streams("a").isEmpty());
  }

  @Test
  void withoutAReaderNothingIsDone() throws Exception {
    EventClient client = joined(EVENTS);
    client.close();
    await().until(() -> streams.readers.get(streams.readers.size() - 1) == 0);
    // What was under way is over when two looks at it are the same.
    int[] looks = {-1};
    await()
        .pollInterval(Duration.ofMillis(1500))
        .until(
            () -> {
              int now = streams.looks.get();
              boolean same = now == looks[0];
              looks[0] = now;
              return same;
            });
    int before = streams.looks.get();
    streams.happened("a", "cut");
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> streams.looks.get() == before);
    assertThat(joined(EVENTS).streams("a")).as("and again").isNotEmpty();
  }

  @Test
  void withoutTheTokenThereAreNoEventsAndWithoutItAnyMoreNeither() throws Exception {
    server.close();
    server = server(new AccessConfig(new Secret(TOKEN), false, List.of(), Set.of()));
    assertThat(send("GET", EVENTS).statusCode()).isEqualTo(401);
    assertThat(send("GET", "/v1/streams/a/events").statusCode()).isEqualTo(401);
    EventClient client = joined(EVENTS, "Authorization: Bearer " + TOKEN);
    server.use(new AccessConfig(new Secret(TOKEN), true, List.of(), Set.of()));
    int states = client.streams("a").size();
    await().until(() -> client.streams("a").size() >= states + 2);
    server.use(new AccessConfig(new Secret("another-one"), false, List.of(), Set.of()));
    await().atMost(Duration.ofSeconds(2)).until(client::isOver);
    assertThat(streams.disconnected).hasValue(0);
  }

  /** By its own name, a stranger's web page has a browser ask this machine. */
  @Test
  void anotherHostIsRefused() throws Exception {
    EventClient refused = EventClient.open(server.port(), EVENTS, "Origin: http://evil.example");
    clients.add(refused);
    assertThat(refused.status()).isEqualTo(403);
  }

  @Test
  void theEndOfTheServerEndsAllReadersAtOnce() throws Exception {
    EventClient one = joined(EVENTS);
    EventClient other = joined("/v1/streams/a/events");
    long began = System.nanoTime();
    server.close();
    assertThat((System.nanoTime() - began) / 1e9).isLessThan(3);
    await().until(() -> one.isOver() && other.isOver());
  }
}
