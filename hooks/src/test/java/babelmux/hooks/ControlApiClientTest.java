package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@Timeout(30)
class ControlApiClientTest {

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Answer answer = exchange -> reply(exchange, 200, "{}");
  private HttpServer server;
  private ControlApiClient api;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("Authorization"));
          answer.to(exchange);
        });
    server.start();
    api = api("");
  }

  @AfterEach
  void stop() {
    released.countDown();
    api.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private ControlApiClient api(String userInfo) {
    return api(userInfo, Duration.ofSeconds(10));
  }

  private ControlApiClient api(String userInfo, Duration limit) {
    return new ControlApiClient(
        URI.create("http://" + userInfo + "127.0.0.1:" + server.getAddress().getPort() + "/"),
        limit,
        limit);
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void otherCredentialsAreSentWithTheNextRequest() throws Exception {
    List<String> sent = new CopyOnWriteArrayList<>();
    answer =
        e -> {
          sent.add(String.valueOf(e.getRequestHeaders().getFirst("Authorization")));
          reply(e, 200, "{\"items\":[]}");
        };
    try (ControlApiClient client = api("u:old@")) {
      client.paths();
      client.use(
          URI.create("http://u:new@127.0.0.1:" + server.getAddress().getPort() + "?token=x"));
      client.paths();
    }
    assertThat(sent).containsExactly("Basic dTpvbGQ=", "Basic dTpuZXc=");
  }

  @Test
  void readsWhoMayDoWhatWithoutAPassword() throws Exception {
    answer =
        e ->
            reply(
                e,
                200,
                """
                {"authMethod":"internal","apiAddress":":9997","authInternalUsers":[
                {"user":"any","pass":"","ips":["127.0.0.1/32"],"permissions":[{"action":"api","path":""}]},
                {"user":"babelmux","pass":"secret","ips":[],"permissions":[{"action":"publish","path":"x"},
                {"action":"read","path":""}]}]}""");
    assertThat(api.settings())
        .contains(
            new ServerSettings(
                "internal",
                ":9997",
                List.of(
                    new ServerSettings.User(true, List.of("127.0.0.1/32"), List.of("api")),
                    new ServerSettings.User(false, List.of(), List.of("publish", "read")))));
    assertThat(String.valueOf(api.settings())).doesNotContain("secret");
    answer = e -> reply(e, 404, "{}");
    assertThat(api.settings()).isEmpty();
    answer = e -> reply(e, 401, "{}");
    assertThatThrownBy(api::settings).isInstanceOf(ControlApiException.class);
  }

  @Test
  void readsTheHooksOfAllPathsByTheirOldAndNewNames() throws Exception {
    answer =
        e ->
            reply(
                e,
                200,
                e.getRequestURI().getQuery().endsWith("page=0")
                    ? """
                    {"pageCount":2,"items":[{"name":"~^live/x$","runOnReady":"a","runOnNotReady":"b"},
                    {"name":"new","runOnReady":"","runOnAvailable":"c","runOnUnavailable":"d"}]}"""
                    : """
                    {"pageCount":2,"items":[{"name":"slate","runOnOnline":"e","runOnOffline":"f"},
                    {"name":"all_others"}]}""");
    assertThat(api.pathSettings())
        .contains(
            List.of(
                new PathSettings("~^live/x$", "a", "b"),
                new PathSettings("new", "c", "d"),
                new PathSettings("slate", "e", "f"),
                new PathSettings("all_others", "", "")));
    answer = e -> reply(e, 404, "{}");
    assertThat(api.pathSettings()).isEmpty();
    answer = e -> reply(e, 500, "{}");
    assertThatThrownBy(api::pathSettings).isInstanceOf(ControlApiException.class);
  }

  @Test
  void tellsHowFarTheServersClockIsAhead() throws Exception {
    assertThat(api.clockAhead()).isEmpty();
    answer = e -> reply(e, 200, "{\"items\":[]}");
    api.paths();
    assertThat(api.clockAhead())
        .hasValueSatisfying(
            ahead -> assertThat(ahead).isBetween(Duration.ofSeconds(-5), Duration.ofSeconds(1)));
    Instant now = Instant.parse("2026-11-22T10:00:00.5Z");
    assertThat(ControlApiClient.ahead("Sun, 22 Nov 2026 10:00:07 GMT", now))
        .isEqualTo(Duration.ofMillis(6500));
    assertThat(ControlApiClient.ahead("soon", now)).isNull();
  }

  @Test
  void readsTheFieldsOfNewReleases() throws Exception {
    answer =
        e ->
            reply(
                e,
                200,
                """
                {"itemCount":1,"pageCount":1,"items":[{"name":"live/a/in","ready":false,"available":true,"online":true,
                "source":{"type":"rtmpConn","id":"u-1"},"tracks":["H264","MPEG-4 Audio"],"inboundBytes":5000000000,
                "bytesReceived":1}]}""");
    assertThat(api.paths())
        .isEqualTo(
            new PathListing(
                List.of(
                    new ListedPath(
                        "live/a/in",
                        true,
                        "rtmpConn",
                        "u-1",
                        List.of("H264", "MPEG-4 Audio"),
                        5_000_000_000L)),
                true));
  }

  @Test
  void readsTheFieldsOfOldReleases() throws Exception {
    answer =
        e ->
            reply(
                e,
                200,
                """
                {"itemCount":2,"pageCount":1,"items":[{"name":"live/a/in","ready":true,"source":{"type":"rtmpConn",
                "id":"u-1"},"tracks":["H264"],"bytesReceived":7},{"name":"b","ready":false,"source":null,"tracks":null}]}""");
    assertThat(api.paths().paths())
        .containsExactly(
            new ListedPath("live/a/in", true, "rtmpConn", "u-1", List.of("H264"), 7),
            new ListedPath("b", false, "", "", List.of(), 0));
  }

  @Test
  void asksForEveryPageAndListsEachPathOnce() throws Exception {
    answer =
        e -> {
          String page = e.getRequestURI().getQuery().replaceAll(".*&page=", "");
          // A path that went away moves the others: b stands on both pages.
          reply(
              e,
              200,
              "{\"pageCount\":3,\"items\":[{\"name\":\"b\"},{\"name\":\"p" + page + "\"}]}");
        };
    PathListing listing = api.paths();
    assertThat(listing.paths()).extracting(ListedPath::name).containsExactly("b", "p0", "p1", "p2");
    assertThat(listing.complete()).isTrue();
    assertThat(requests).hasSize(3);
  }

  @Test
  void endlessPagesAreAnIncompleteListing() throws Exception {
    answer = e -> reply(e, 200, "{\"pageCount\":1000000,\"items\":[{\"name\":\"a\"}]}");
    assertThat(api.paths().complete()).isFalse();
    assertThat(requests).hasSizeLessThan(100);
  }

  @Test
  void readsConnectionsAndHidesTheirCredentials() throws Exception {
    answer =
        e ->
            reply(
                e,
                200,
                """
                {"pageCount":1,"items":[{"id":"u-1","state":"publish","path":"live/a/in","query":"user=u&pass=hunter2",
                "remoteAddr":"127.0.0.1:5","inboundBytes":3,"outboundBytes":4,"outboundFramesDiscarded":5},
                {"id":"u-2","state":"idle","path":"","bytesReceived":6,"bytesSent":7}]}""");
    List<ListedConnection> connections = api.rtmpConnections();
    assertThat(connections)
        .containsExactly(
            new ListedConnection(
                "u-1", "publish", "live/a/in", "user=u&pass=hunter2", "127.0.0.1:5", 3, 4, 5),
            new ListedConnection("u-2", "idle", "", "", "", 6, 7, 0));
    assertThat(connections.toString()).doesNotContain("hunter2");
  }

  @Test
  void infoIsAbsentOnReleasesThatDoNotTell() throws Exception {
    answer = e -> reply(e, 200, "{\"version\":\"v1.20.1\",\"started\":\"2026-01-01T00:00:00Z\"}");
    assertThat(api.info()).contains(new ServerInfo("v1.20.1", "2026-01-01T00:00:00Z"));
    answer = e -> reply(e, 404, "404 page not found");
    assertThat(api.info()).isEmpty();
  }

  @Test
  void sendsCredentialsButNeverShowsThem() throws Exception {
    answer = e -> reply(e, 401, "{\"status\":\"error\",\"error\":\"authentication error\"}");
    try (ControlApiClient withUser = api("bob:hunter2@")) {
      assertThatThrownBy(withUser::paths)
          .hasMessageContaining("/v3/paths/list")
          .hasMessageContaining("status 401")
          .hasMessageNotContaining("hunter2");
    }
    assertThat(requests)
        .containsExactly("/v3/paths/list?itemsPerPage=500&page=0 [Basic Ym9iOmh1bnRlcjI=]");
    ControlApiException denied = catchThrowableOfType(ControlApiException.class, api::paths);
    assertThat(denied.status()).isEqualTo(401);
    assertThat(denied).hasMessageContaining("authInternalUsers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>hello</html>", "[]", "null", "{\"items\":5}", "{}", "{\"items\":"})
  void somethingElseThanTheApiIsSaidSo(String body) {
    answer = e -> reply(e, 200, body);
    assertThatThrownBy(api::paths)
        .isInstanceOf(ControlApiException.class)
        .hasMessageContaining("expected MediaMTX's Control API");
  }

  @Test
  void errorStatusIsShownWithoutItsControlCharacters() {
    answer = e -> reply(e, 500, "{\"error\":\"boom\n\u001b[31m\"}");
    assertThatThrownBy(api::paths)
        .hasMessageContaining("status 500: expected 200")
        .hasMessageContaining("boom\\u000a");
    answer =
        e -> {
          e.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
          reply(e, 302, "");
        };
    assertThatThrownBy(api::paths).hasMessageContaining("status 302");
  }

  @Test
  void refusedConnectionIsSaidSo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (ControlApiClient nobody =
        new ControlApiClient(
            URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(1), Duration.ofSeconds(1))) {
      ControlApiException error = catchThrowableOfType(ControlApiException.class, nobody::paths);
      assertThat(error.status()).isZero();
      assertThat(error).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("refused");
    }
  }

  @Test
  void serverThatStopsInTheMiddleIsGivenUp() {
    answer =
        e -> {
          e.sendResponseHeaders(200, 100);
          e.getResponseBody().write('{');
          e.getResponseBody().flush();
          await(released);
        };
    long start = System.nanoTime();
    try (ControlApiClient impatient = api("", Duration.ofMillis(500))) {
      assertThatThrownBy(impatient::paths).hasMessageContaining("no whole answer within 1000 ms");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void serverThatSaysNothingIsGivenUp() {
    answer = e -> await(released);
    try (ControlApiClient impatient = api("", Duration.ofMillis(500))) {
      assertThatThrownBy(impatient::paths)
          .isInstanceOf(ControlApiException.class)
          .hasMessageContaining("timed out");
    }
  }

  @Test
  void answerWithoutEndIsGivenUp() {
    answer =
        e -> {
          e.sendResponseHeaders(200, 0);
          byte[] part = new byte[1 << 16];
          while (true) {
            e.getResponseBody().write(part);
          }
        };
    try (ControlApiClient patient =
        new ControlApiClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10))) {
      assertThatThrownBy(patient::paths).hasMessageContaining("larger than 8388608 bytes");
    }
  }

  @Test
  void interruptIsAnsweredAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    answer =
        e -> {
          asked.countDown();
          await(released);
        };
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (ControlApiClient patient =
        new ControlApiClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1))) {
      Thread caller =
          new Thread(() -> thrown.set(catchThrowableOfType(Throwable.class, patient::paths)));
      caller.start();
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      caller.interrupt();
      caller.join(5_000);
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "localhost:9997", "http:///v3", "//x"})
  void otherUrlsAreRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ControlApiClient(URI.create(url), Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .withMessageContaining("expected http://[user:pass@]host:port");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aTokenInTheQueryIsSentAndNeverTold() throws Exception {
    answer = exchange -> reply(exchange, 401, "{}");
    URI base =
        URI.create("http://127.0.0.1:%d?jwt=a%%2Bb&x=1".formatted(server.getAddress().getPort()));
    try (ControlApiClient withToken =
        new ControlApiClient(base, Duration.ofSeconds(10), Duration.ofSeconds(10))) {
      assertThatThrownBy(withToken::paths)
          .isInstanceOf(ControlApiException.class)
          .hasMessageContaining("/v3/paths/list")
          .hasMessageNotContaining("jwt")
          .hasMessageNotContaining("a%2Bb");
      assertThatThrownBy(withToken::info).hasMessageNotContaining("jwt");
    }
    assertThat(requests)
        .containsExactly(
            "/v3/paths/list?itemsPerPage=500&page=0&jwt=a%2Bb&x=1 [Bearer a+b]",
            "/v3/info?jwt=a%2Bb&x=1 [Bearer a+b]");
  }
}
