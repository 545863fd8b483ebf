package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.streams.StreamState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events at another pace than the real one, over real sockets. */
@Tag("slow")
@Timeout(60)
class EventFeedTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final EventStreams streams = new EventStreams();
  private final ApiServer.Pools pools = ApiServer.Pools.of(vertx);
  private final List<EventFeed> feeds = new ArrayList<>();
  private final List<EventClient> clients = new ArrayList<>();
  private final AccessRules rules =
      new AccessRules(
          new AccessConfig(new Secret("first-token"), false, List.of(), Set.of()),
          System::nanoTime);
  // One that takes longer than a second for an answer is late.
  private final Connections connections =
      new Connections(
          vertx, 10, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private int start(EventFeed.Pace pace) throws Exception {
    streams.put("a", StreamState.LIVE, "a1");
    ApiParts parts = streams.parts();
    EventFeed feed = new EventFeed(vertx, pools.events(), parts, pace);
    feeds.add(feed);
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(connections::opened)
            .requestHandler(ApiServer.router(vertx, pools, connections, feed, rules, parts));
    Listening.start(server, Duration.ofSeconds(10));
    return server.actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    for (EventClient client : clients) {
      client.close();
    }
    feeds.forEach(EventFeed::close);
    await()
        .until(
            () ->
                streams.readers.isEmpty() || streams.readers.get(streams.readers.size() - 1) == 0);
    connections.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private EventClient open(int port) throws IOException {
    EventClient client = EventClient.open(port, "/v1/events", "Authorization: Bearer first-token");
    clients.add(client);
    assertThat(client.status()).isEqualTo(200);
    return client;
  }

  /**
   * Without a tick: what comes does so because of the event, and once for all events of a moment.
   */
  @Test
  void aJournalEventWaitsForNoTick() throws Exception {
    EventClient client =
        open(start(new EventFeed.Pace(NEVER, Duration.ofMillis(100), 1, 1, NEVER)));
    await().until(() -> client.streams("a").size() == 1);
    streams.put("a", StreamState.LIVE, "a2");
    for (int i = 0; i < 20; i++) {
      streams.happened("a", "cut");
    }
    await().until(() -> client.events("journal").size() == 20);
    await().until(() -> client.streams("a").size() > 1);
    assertThat(client.streams("a")).hasSizeBetween(2, 3);
    assertThat(client.streams("a").get(client.streams("a").size() - 1).text()).contains("a2");
  }

  @Test
  void anAnswerOfEventsIsNeverLateAndHasComments() throws Exception {
    EventClient client =
        open(
            start(
                new EventFeed.Pace(
                    Duration.ofMillis(100), Duration.ofMillis(10), 2, 5, Duration.ofSeconds(10))));
    // Past the second that other answers have: connections are looked at each second.
    await()
        .until(
            () ->
                client.all().stream().filter(event -> event.text().equals(": keep\n")).count()
                    >= 8);
    assertThat(client.isOver()).isFalse();
    assertThat(client.streams("a").size()).isBetween(30, 60);
  }

  @Test
  void aTokenThatEndsEndsTheEventsWithTheNextComment() throws Exception {
    EventClient client =
        open(
            start(
                new EventFeed.Pace(
                    Duration.ofMillis(100), Duration.ofMillis(10), 2, 5, Duration.ofSeconds(10))));
    await().until(() -> client.streams("a").size() > 12);
    rules.use(new AccessConfig(new Secret("second-token"), false, List.of(), Set.of()));
    await().atMost(Duration.ofSeconds(3)).until(client::isOver);
    await().until(() -> streams.readers.get(streams.readers.size() - 1) == 0);
  }

  @Test
  void aSessionReadsUntilItEnds() throws Exception {
    int port =
        start(
            new EventFeed.Pace(
                Duration.ofMillis(100), Duration.ofMillis(10), 2, 5, Duration.ofSeconds(10)));
    String cookie =
        session(port, "POST", "{\"token\": \"first-token\"}", "")
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow()
            .split(";", 2)[0];
    EventClient client = EventClient.open(port, "/v1/events", "Cookie: " + cookie);
    clients.add(client);
    assertThat(client.status()).isEqualTo(200);
    await().until(() -> client.streams("a").size() > 12);
    assertThat(session(port, "DELETE", "", cookie).statusCode()).isEqualTo(204);
    await().atMost(Duration.ofSeconds(3)).until(client::isOver);
    EventClient again = EventClient.open(port, "/v1/events", "Cookie: " + cookie);
    clients.add(again);
    assertThat(again.status()).isEqualTo(401);
  }

  private static HttpResponse<String> session(int port, String method, String body, String cookie)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/session".formatted(port)))
            .header("Origin", "http://127.0.0.1:" + port)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (body.isEmpty()) {
      request.header("Cookie", cookie);
    } else {
      request.header("Content-Type", "application/json");
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Many come and go at the same moment: none is counted twice, or stays. */
  @Test
  void thoseWhoLeaveWhileTheyComeLeaveNothing() throws Exception {
    int port =
        start(
            new EventFeed.Pace(
                Duration.ofMillis(20), Duration.ofMillis(5), 2, 5, Duration.ofSeconds(10)));
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 6; j++) {
        EventClient client = open(port);
        if (j % 2 == 0) {
          client.close();
        }
      }
      streams.happened("a", "cut");
      for (EventClient client : clients) {
        client.close();
      }
      clients.clear();
      await().until(() -> streams.readers.get(streams.readers.size() - 1) == 0);
    }
    assertThat(streams.readers).allMatch(readers -> readers >= 0 && readers <= 6);
    int[] looks = {-1};
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              boolean same = streams.looks.get() == looks[0];
              looks[0] = streams.looks.get();
              return same;
            });
    EventClient last = open(port);
    await().until(() -> !last.streams("a").isEmpty());
  }
}
