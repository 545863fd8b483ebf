package babelmux.worker.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.PageConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.metrics.RequestRefusal;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who reads and who signs in, over real sockets. */
@Timeout(60)
class ApiSessionTest {

  private static final String TOKEN = "a-token-of-some-length";
  private static final String BEARER = "Authorization: Bearer " + TOKEN;
  private static final String JSON = "Content-Type: application/json";
  private static final String GOOD = "{\"token\":\"" + TOKEN + "\"}";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final List<RequestRefusal> refused = new CopyOnWriteArrayList<>();
  private final List<ApiServer> servers = new ArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger api = (Logger) LoggerFactory.getLogger("babelmux.worker.api");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    root.addAppender(lines);
    api.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stop() throws Exception {
    root.detachAppender(lines);
    api.setLevel(null);
    servers.forEach(ApiServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static final class Streams extends NoStreams implements HookListener {
    @Override
    public Optional<StreamStatus> get(String id) {
      return id.equals("demo") ? Optional.of(status()) : Optional.empty();
    }

    @Override
    public List<StreamStatus> list() {
      return List.of(status());
    }

    @Override
    public boolean end(String id, boolean now) {
      return true;
    }

    @Override
    public HookVerdict ready(SourceEvent event) {
      return new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      return new HookVerdict.Stopped();
    }
  }

  private static StreamStatus status() {
    return new StreamStatus(
        "demo",
        StreamState.LIVE,
        StreamStatus.Flags.NONE,
        null,
        new StreamStatus.Source("rtmp://h/live/x/in", "rtmpConn", "1"),
        "rtmp://h/live/x/out",
        Instant.EPOCH,
        14_500,
        null,
        StreamStatus.Segments.NONE,
        new StreamStatus.Sts("ready", "closed", 0, null, null, null, 0),
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(),
        null,
        StreamStatus.Bypass.OFF,
        List.of(
            new StreamStatus.Slot(
                7, "f", 0, 6000, "dub", null, false, false, "good evening", "buenas noches")));
  }

  private ApiServer start(AccessConfig access) throws IOException, InterruptedException {
    return start(access, PageConfig.DEFAULTS);
  }

  private ApiServer start(AccessConfig access, PageConfig page)
      throws IOException, InterruptedException {
    Streams streams = new Streams();
    ApiParts parts =
        new ApiParts(
            "0",
            streams,
            format -> "up 1\n",
            () -> Readiness.READY,
            new HookRoutes(PathPattern.parse(PathPattern.DEFAULT), streams)::mount,
            time -> {},
            reason -> {},
            refused::add,
            () -> Support.NONE,
            Checkup.NONE,
            page,
            EventParts.none(),
            router -> {});
    ApiServer server =
        ApiServer.start(
            vertx,
            new HttpConfig("127.0.0.1", 0),
            access,
            parts,
            InstantSource.system(),
            nanos::get);
    servers.add(server);
    return server;
  }

  private static AccessConfig withToken(String token) {
    return new AccessConfig(new Secret(token), false, List.of(), Set.of("dub.example"));
  }

  /**
   * An answer.
   *
   * @param head status line and headers
   */
  private record Answered(int status, String head, String body) {
    @Nullable String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse(null);
    }

    /** Name and value of the cookie, as a browser sends it back. */
    String cookie() {
      return "Cookie: " + requireNonNull(header("set-cookie")).split(";", 2)[0];
    }
  }

  private static Answered ask(
      ApiServer server, String method, String path, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    request.append("Connection: close\r\n");
    if (!String.join(" ", headers).contains("Host: ")) {
      request.append(host(server)).append("\r\n");
    }
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    request.append("\r\n").append(body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] parts = text.split("\r\n\r\n", 2);
      return new Answered(Integer.parseInt(text.split(" ", 3)[1]), parts[0], parts[1]);
    }
  }

  private static Answered get(ApiServer server, String path, String... headers) throws IOException {
    return ask(server, "GET", path, "", headers);
  }

  private static Answered signIn(ApiServer server, String body, String... headers)
      throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = JSON;
    System.arraycopy(headers, 0, all, 1, headers.length);
    return ask(server, "POST", "/v1/session", body, all);
  }

  private static String origin(ApiServer server) {
    return "Origin: http://127.0.0.1:" + server.port();
  }

  private static String host(ApiServer server) {
    return "Host: 127.0.0.1:" + server.port();
  }

  private static String name(ApiServer server) {
    return "babelmux-session-" + server.port();
  }

  private static int delete(ApiServer server, String... headers) throws IOException {
    return ask(server, "DELETE", "/v1/streams/demo", "", headers).status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openapi.yaml",
        "/v1/streams",
        "/v1/streams/demo",
        "/v1/doctor",
        "/v1/page",
        "/v1/support",
        "/v1/streams/demo/debug"
      })
  void aReadWantsTokenOrCookieWhereATokenIsSet(String path) throws Exception {
    ApiServer server = start(withToken(TOKEN));
    int good = path.equals("/v1/doctor") ? 404 : 200;
    for (String method : List.of("GET", "HEAD")) {
      assertThat(ask(server, method, path, "").status()).isEqualTo(401);
      assertThat(ask(server, method, path, "", "Authorization: Bearer x").status()).isEqualTo(401);
      assertThat(ask(server, method, path, "", BEARER).status()).isEqualTo(good);
      String cookie = signIn(server, GOOD).cookie();
      assertThat(ask(server, method, path, "", cookie).status()).isEqualTo(good);
      assertThat(ask(server, method, path, "", cookie, "Origin: http://evil.example").status())
          .isEqualTo(403);
    }
    assertThat(get(server, path).header("www-authenticate")).startsWith("Bearer ");
    assertThat(get(server, path).body()).contains("\"error\":\"token_missing\"");
    assertThat(refused).contains(RequestRefusal.TOKEN_MISSING, RequestRefusal.TOKEN_WRONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/health/live", "/health/ready", "/metrics"})
  void whatIsOpenStaysOpenWhereATokenIsSet(String path) throws Exception {
    ApiServer server = start(withToken(TOKEN));
    assertThat(get(server, path).status()).isEqualTo(200);
    assertThat(get(server, path, "Cookie: babelmux-session=x").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.yaml", "/v1/streams", "/v1/streams/demo"})
  void withoutATokenEverybodyReadsAsBefore(String path) throws Exception {
    ApiServer server = start(AccessConfig.LOOPBACK);
    assertThat(get(server, path).status()).isEqualTo(200);
    assertThat(get(server, path, "Host: evil.example", "Origin: http://x").status()).isEqualTo(200);
    assertThat(get(server, path, "Cookie: babelmux-session=x").status()).isEqualTo(200);
  }

  @Test
  void theTokenIsTradedForACookieThatCountsAsTheToken() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    Answered answer = signIn(server, GOOD, host(server), origin(server));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("content-type")).isNull();
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("set-cookie"))
        .matches(
            "babelmux-session-"
                + server.port()
                + "=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200");
    assertThat(get(server, "/v1/page", answer.cookie()).body()).contains("\"tokenSet\":true");
    assertThat(delete(server, answer.cookie(), host(server), origin(server))).isEqualTo(202);
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "audit: POST /v1/session from 127.0.0.1, session, stream -: 204",
            "audit: DELETE /v1/streams/:id from 127.0.0.1, session, stream demo: 202");
  }

  /** The proxy ends TLS: only the browser tells. With TLS of our own see ApiTlsTest. */
  @Test
  void theCookieIsSecureWhereTheBrowserSpeaksHttps() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    assertThat(
            signIn(server, GOOD, "Host: dub.example", "Origin: https://dub.example")
                .header("set-cookie"))
        .endsWith("; Secure");
    assertThat(
            signIn(server, GOOD, "Host: dub.example", "Origin: http://dub.example")
                .header("set-cookie"))
        .doesNotContain("Secure");
    assertThat(signIn(server, GOOD, "X-Forwarded-Proto: https").header("set-cookie"))
        .doesNotContain("Secure");
  }

  @Test
  void aPageOfAnotherSiteWritesNothingWithTheCookieOfThisOne() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    for (String origin :
        List.of(
            "X-Nothing: here",
            "Origin: null",
            "Origin: http://evil.example",
            "Origin: http://127.0.0.1:1",
            "Origin: http://localhost:" + server.port(),
            "Referer: http://127.0.0.1:" + server.port() + "/")) {
      assertThat(delete(server, cookie, host(server), origin)).as(origin).isEqualTo(403);
      Answered bypass =
          ask(
              server,
              "POST",
              "/v1/streams/demo/bypass",
              "{\"bypass\":true}",
              JSON,
              cookie,
              host(server),
              origin);
      assertThat(bypass.status()).as(origin).isEqualTo(403);
      assertThat(bypass.body()).contains("\"error\":\"origin\"");
    }
    assertThat(refused).hasSize(12).containsOnly(RequestRefusal.ORIGIN);
    // A name that leads here and is not allowed is as strange, though Origin equals Host.
    assertThat(delete(server, cookie, "Host: evil.example", "Origin: http://evil.example"))
        .isEqualTo(403);
    assertThat(delete(server, cookie, host(server), origin(server))).isEqualTo(202);
  }

  @Test
  void aPageOfAnotherSiteNeitherSignsInNorOut() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    for (String origin : List.of("Origin: null", "Origin: http://evil.example")) {
      assertThat(signIn(server, GOOD, host(server), origin).status()).isEqualTo(403);
      assertThat(ask(server, "DELETE", "/v1/session", "", cookie, host(server), origin).status())
          .isEqualTo(403);
    }
    assertThat(signIn(server, GOOD, cookie).status()).as("cookie, no Origin").isEqualTo(403);
    assertThat(ask(server, "DELETE", "/v1/session", "", cookie).status()).isEqualTo(403);
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "")) {
      assertThat(
              ask(server, "POST", "/v1/session", GOOD, "Content-Type: " + type, host(server))
                  .status())
          .isEqualTo(415);
    }
    assertThat(get(server, "/v1/page", cookie).status()).isEqualTo(200);
  }

  @Test
  void aSessionIsEndedForGood() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    String other = signIn(server, GOOD).cookie();
    Answered answer =
        ask(server, "DELETE", "/v1/session", "", cookie, host(server), origin(server));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("set-cookie"))
        .isEqualTo(name(server) + "=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    assertThat(get(server, "/v1/page", cookie).status()).isEqualTo(401);
    assertThat(get(server, "/v1/page", other).status()).isEqualTo(200);
    assertThat(ask(server, "DELETE", "/v1/session", "").status()).isEqualTo(204);
    assertThat(
            ask(server, "DELETE", "/v1/session", "", cookie, host(server), origin(server)).status())
        .as("again")
        .isEqualTo(204);
  }

  @Test
  void aSessionEndsAfterTwelveHours() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    nanos.addAndGet(Duration.ofHours(12).toNanos() - 1);
    assertThat(get(server, "/v1/streams", cookie).status()).isEqualTo(200);
    nanos.addAndGet(1);
    assertThat(get(server, "/v1/streams", cookie).body()).contains("\"error\":\"token_missing\"");
    assertThat(delete(server, cookie, host(server), origin(server))).isEqualTo(401);
  }

  /** SIGHUP: a token that was replaced opens nothing, and neither does what it opened. */
  @Test
  void anotherTokenEndsAllSessions() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    server.use(withToken(TOKEN));
    assertThat(get(server, "/v1/page", cookie).status()).as("the same token").isEqualTo(200);
    server.use(withToken("another-token"));
    assertThat(get(server, "/v1/page", cookie).status()).isEqualTo(401);
    assertThat(signIn(server, GOOD).status()).isEqualTo(401);
    assertThat(signIn(server, "{\"token\":\"another-token\"}").status()).isEqualTo(204);
    server.use(withToken(TOKEN));
    assertThat(get(server, "/v1/page", cookie).status()).as("the first one again").isEqualTo(401);
  }

  @Test
  void theCookieOfAnotherWorkerOpensNothing() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    ApiServer other = start(withToken(TOKEN));
    String foreign = signIn(other, GOOD).cookie();
    assertThat(get(other, "/v1/page", foreign).status()).isEqualTo(200);
    assertThat(get(server, "/v1/page", foreign).status()).isEqualTo(401);
  }

  /** Browsers send cookies to every port of a host, and keep one of each name. */
  @Test
  void workersUnderOneHostLeaveEachOthersCookieAlone() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    ApiServer other = start(withToken(TOKEN));
    String first = signIn(server, GOOD).cookie();
    String second = signIn(other, GOOD).cookie();
    assertThat(first.split("=")[0]).isNotEqualTo(second.split("=")[0]);
    String both = first + "; " + second.substring("Cookie: ".length());
    assertThat(get(server, "/v1/page", both).status()).isEqualTo(200);
    assertThat(get(other, "/v1/page", both).status()).isEqualTo(200);
    ask(server, "DELETE", "/v1/session", "", both, host(server), origin(server));
    assertThat(get(server, "/v1/page", both).status()).isEqualTo(401);
    assertThat(get(other, "/v1/page", both).status()).isEqualTo(200);
  }

  @Test
  void whoeverAsksIsToldWhetherATokenIsNeededAndNotRefused() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String needed = "{\"access\":\"token_needed\",\"detail\":\"expected Authorization";
    assertThat(get(server, "/v1/session").status()).isEqualTo(200);
    assertThat(get(server, "/v1/session").body()).startsWith(needed).doesNotContain(TOKEN);
    String cookie = signIn(server, GOOD).cookie();
    String granted = "{\"access\":\"granted\",\"detail\":null}";
    assertThat(get(server, "/v1/session", cookie).body()).isEqualTo(granted);
    assertThat(get(server, "/v1/session", BEARER).body()).isEqualTo(granted);
    assertThat(get(server, "/v1/session", cookie, "Origin: http://evil.example").body())
        .startsWith("{\"access\":\"refused\",");
    ask(server, "DELETE", "/v1/session", "", cookie, host(server), origin(server));
    assertThat(get(server, "/v1/session", cookie).body()).startsWith(needed);
    assertThat(refused).as("it is no refused request").isEmpty();
    ApiServer open = start(AccessConfig.LOOPBACK);
    assertThat(get(open, "/v1/session").body()).isEqualTo(granted);
    assertThat(get(open, "/v1/session", "Host: evil.example").body())
        .startsWith("{\"access\":\"refused\",\"detail\":\"this is read under");
  }

  @Test
  void hostileCookiesOpenNothingAndShutNobodyOut() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    String name = name(server);
    String value = cookie.substring(("Cookie: " + name + "=").length());
    for (String hostile :
        List.of(
            "",
            "=",
            ";;;;",
            name,
            name + "=",
            name + "=" + TOKEN,
            name + "=" + value.substring(1),
            name + "=" + value + "A",
            name + "=" + value + value,
            name + "=\"" + value + "\"",
            name + "=" + value.replace(value.charAt(0), '.'),
            "B" + name.substring(1) + "=" + value,
            "babelmux-session=" + value,
            "babelmux-session-1=" + value,
            "x" + name + "=" + value,
            name + "=" + "A".repeat(43),
            name + "=%00" + value,
            name + "=" + "x".repeat(6000),
            (name + "=a;").repeat(250))) {
      assertThat(get(server, "/v1/page", "Cookie: " + hostile).status()).as(hostile).isEqualTo(401);
    }
    String planted = name + "=" + "A".repeat(43) + "; ";
    assertThat(
            get(server, "/v1/page", "Cookie: " + planted + "b=c; " + name + "=" + value).status())
        .isEqualTo(200);
    assertThat(get(server, "/v1/page", "Cookie: " + planted, cookie).status()).isEqualTo(200);
    assertThat(get(server, "/v1/page", "Cookie: " + "a=b; ".repeat(20_000)).status())
        .isIn(400, 431);
  }

  /** Whoever says who they are is believed or not, whatever else is in the request. */
  @Test
  void aWrongTokenIsWrongBesideAGoodCookie() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    assertThat(get(server, "/v1/page", cookie, "Authorization: Bearer x").body())
        .contains("\"error\":\"token_wrong\"");
    assertThat(delete(server, cookie, BEARER)).as("a program with a cookie jar").isEqualTo(202);
  }

  @Test
  void aCookieIsNothingToAHook() throws Exception {
    ApiServer server =
        start(new AccessConfig(new Secret(TOKEN), true, List.of(), Set.of("dub.example")));
    String cookie = signIn(server, GOOD).cookie();
    String event = "{\"path\":\"live/demo/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}";
    String path = "/v1/mediamtx/events/ready";
    assertThat(
            ask(server, "POST", path, event, JSON, cookie, host(server), origin(server)).status())
        .isEqualTo(401);
    assertThat(ask(server, "POST", path, event, JSON, BEARER).status()).isEqualTo(200);
  }

  @Test
  void withoutATokenThereIsNoSession() throws Exception {
    ApiServer server = start(AccessConfig.LOOPBACK);
    Answered answer = signIn(server, GOOD);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("\"error\":\"no_token_needed\"");
    assertThat(answer.header("set-cookie")).isNull();
    assertThat(ask(server, "DELETE", "/v1/session", "").status()).isEqualTo(204);
  }

  @Test
  void wrongTokensAreSlowedDownAndNobodyWaits() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD).cookie();
    long begin = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      Answered wrong = signIn(server, "{\"token\":\"guess-%d\"}".formatted(i));
      assertThat(wrong.status()).isEqualTo(401);
      assertThat(wrong.body()).contains("\"error\":\"token_wrong\"");
      assertThat(wrong.header("www-authenticate")).startsWith("Bearer ");
      assertThat(wrong.header("set-cookie")).isNull();
    }
    Answered early = signIn(server, GOOD);
    assertThat(early.status()).isEqualTo(429);
    assertThat(early.body()).contains("\"error\":\"too_many_attempts\"");
    assertThat(early.header("retry-after")).isEqualTo("1");
    assertThat(early.header("set-cookie")).isNull();
    assertThat(get(server, "/v1/page", cookie).status()).as("sessions go on").isEqualTo(200);
    assertThat(get(server, "/v1/page", BEARER).status()).as("so do tokens").isEqualTo(200);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(signIn(server, GOOD).status()).isEqualTo(204);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    assertThat(refused).hasSize(6).containsOnly(RequestRefusal.TOKEN_WRONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\"" + TOKEN + "\"",
        "[\"" + TOKEN + "\"]",
        "{\"token\":[\"" + TOKEN + "\"]}",
        "{\"token\":null}",
        "{\"" + TOKEN + "\":1}",
        "{\"token\":\"x\",\"password\":\"" + TOKEN + "\"}",
        "{\"token\":\"" + TOKEN + "\",\"token\":\"" + TOKEN + "\"}",
        "{\"token\":" + TOKEN + "}",
        TOKEN
      })
  void aBodyThatIsNoTokenIsRefusedWithoutBeingRepeated(String body) throws Exception {
    ApiServer server = start(withToken(TOKEN));
    Answered answer = signIn(server, body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("\"error\":\"invalid\"").doesNotContain(TOKEN);
    assertNoSecretWasLogged(List.of(TOKEN));
  }

  private void assertNoSecretWasLogged(List<String> secrets) {
    assertThat(lines.list)
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage() + line.getThrowableProxy())
                    .doesNotContain(secrets));
  }

  @Test
  void noSecretIsLoggedOrAnswered() throws Exception {
    ApiServer server = start(withToken(TOKEN));
    String cookie = signIn(server, GOOD, host(server), origin(server)).cookie();
    String name = name(server);
    String value = cookie.substring(("Cookie: " + name + "=").length());
    String guess = "guess-of-somebody";
    String big = "{\"token\":\"" + TOKEN + " ".repeat(20_000) + "\"}";
    for (Answered answer :
        List.of(
            signIn(server, "{\"token\":\"" + guess + "\"}"),
            signIn(server, big),
            ask(server, "POST", "/v1/session?token=" + TOKEN, GOOD, JSON, cookie),
            ask(server, "POST", "/v1/session", GOOD, "Content-Type: text/plain"),
            get(server, "/v1/page", "Cookie: " + name + "=x" + value),
            get(server, "/v1/support", cookie),
            get(server, "/v1/page", cookie),
            get(server, "/v1/page", "Authorization: Bearer " + guess))) {
      assertThat(answer.head() + answer.body()).doesNotContain(TOKEN, value, guess);
    }
    delete(server, cookie, host(server), origin(server));
    ask(server, "DELETE", "/v1/session", "", cookie, host(server), origin(server));
    for (int i = 0; i < 8; i++) {
      signIn(server, "{\"token\":\"" + guess + "\"}");
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.startsWith("POST /v1/session from 127.0.0.1 refused with 401: "))
        .anyMatch(line -> line.startsWith("audit: DELETE /v1/session from 127.0.0.1, session"));
    assertNoSecretWasLogged(List.of(TOKEN, value, guess));
  }

  @ParameterizedTest
  @CsvSource({"true, good evening, buenas noches", "false, ,"})
  void wordsAreShownOnlyWhereThatIsSet(
      boolean shown, @Nullable String transcript, @Nullable String translation) throws Exception {
    ApiServer server = start(AccessConfig.LOOPBACK, new PageConfig(null, shown));
    for (String path : List.of("/v1/streams/demo", "/v1/streams")) {
      String body = get(server, path).body();
      assertThat(body)
          .contains("\"number\":7,\"fragmentId\":\"f\"")
          .contains("\"transcript\":" + (transcript == null ? "null" : "\"" + transcript + "\""))
          .contains(
              "\"translation\":" + (translation == null ? "null" : "\"" + translation + "\""));
    }
    assertThat(get(server, "/v1/page").body()).contains("\"transcripts\":" + shown);
  }
}
