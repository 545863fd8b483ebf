package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.AddressRange;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.metrics.RequestRefusal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the HTTP port, over real sockets. */
@Tag("slow")
@Timeout(60)
class ApiAccessTest {

  private static final String HOOK = "/v1/mediamtx/events/ready";
  private static final String BODY =
      "{\"path\":\"live/demo/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}";
  private static final String TYPE = "Content-Type: application/json\r\n";
  private static final String TOKEN = "a-token-of-some-length";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final List<SourceEvent> events = new CopyOnWriteArrayList<>();
  private final List<RequestRefusal> hooksRefused = new CopyOnWriteArrayList<>();
  private final List<RequestRefusal> writesRefused = new CopyOnWriteArrayList<>();
  private final CountDownLatch scrape = new CountDownLatch(1);
  private final List<ApiServer> servers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    scrape.countDown();
    servers.forEach(ApiServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private final class Streams extends NoStreams implements HookListener {
    @Override
    public boolean end(String id, boolean now) {
      return ended.add(id);
    }

    @Override
    public HookVerdict ready(SourceEvent event) {
      events.add(event);
      return new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      events.add(event);
      return new HookVerdict.Stopped();
    }
  }

  private int start(String host, AccessConfig access) throws IOException, InterruptedException {
    Streams streams = new Streams();
    ApiParts parts =
        new ApiParts(
            "0",
            streams,
            format -> scrape(),
            () -> Readiness.READY,
            new HookRoutes(PathPattern.parse(PathPattern.DEFAULT), streams)::mount,
            time -> {},
            hooksRefused::add,
            writesRefused::add);
    ApiServer server = ApiServer.start(vertx, new HttpConfig(host, 0), access, parts);
    servers.add(server);
    return server.port();
  }

  private String scrape() {
    try {
      scrape.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "up 1\n";
  }

  private int start(AccessConfig access) throws IOException, InterruptedException {
    return start("127.0.0.1", access);
  }

  private static AccessConfig withToken(boolean forHooks) {
    return new AccessConfig(new Secret(TOKEN), forHooks, List.of(), Set.of());
  }

  /** The status; 0 when the connection was closed without an answer. */
  private static int status(String host, int port, String request) throws IOException {
    String answer = raw(host, port, request);
    return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
  }

  private static String raw(String host, int port, String request) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String post(String path, String headers) {
    return "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, BODY.length(), BODY);
  }

  private static String delete(String headers) {
    return "DELETE /v1/streams/demo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n"
        .formatted(headers);
  }

  @Test
  void hooksFromThisMachineNeedNothing() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE))).isEqualTo(200);
    assertThat(status("127.0.0.1", port, delete(""))).isEqualTo(202);
    assertThat(events).hasSize(1);
    assertThat(ended).containsExactly("demo");
    assertThat(hooksRefused).isEmpty();
    assertThat(writesRefused).isEmpty();
  }

  private static String get(String path, String headers) {
    return "GET %s HTTP/1.1\r\nConnection: close\r\n%s\r\n".formatted(path, headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/support", "/v1/page", "/v1/streams/demo/debug"})
  void whatShowsMoreIsGuardedAsWritesAre(String path) throws Exception {
    int open = start(AccessConfig.LOOPBACK);
    int good = path.endsWith("debug") ? 404 : 200;
    String here = "Host: 127.0.0.1\r\n";
    assertThat(status("127.0.0.1", open, get(path, here))).isEqualTo(good);
    assertThat(status("127.0.0.1", open, get(path, "Host: evil.example\r\n"))).isEqualTo(403);
    assertThat(status("127.0.0.1", open, get(path, here + "Origin: http://x\r\n"))).isEqualTo(403);
    int closed = start(withToken(false));
    String head = get(path, here).replace("GET", "HEAD");
    assertThat(status("127.0.0.1", closed, get(path, here))).isEqualTo(401);
    assertThat(status("127.0.0.1", closed, head)).isEqualTo(401);
    assertThat(
            status(
                "127.0.0.1", closed, get(path, here + "Authorization: Bearer " + TOKEN + "\r\n")))
        .isEqualTo(good);
    assertThat(writesRefused)
        .containsExactly(
            RequestRefusal.ORIGIN,
            RequestRefusal.ORIGIN,
            RequestRefusal.TOKEN_MISSING,
            RequestRefusal.TOKEN_MISSING);
  }

  @Test
  void hooksFromTheOtherLoopbackNeedNothing() throws Exception {
    int port;
    try {
      port = start("::1", AccessConfig.LOOPBACK);
    } catch (IOException noIpv6) {
      assumeThat(false).as("this machine has no IPv6 loopback").isTrue();
      return;
    }
    assertThat(status("::1", port, post(HOOK, TYPE))).isEqualTo(200);
  }

  /** Addresses of this machine other than loopback, IPv4 and IPv6. */
  private static List<InetAddress> ownAddresses() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .toList();
  }

  @Test
  void anotherAddressNeedsToBeTrusted() throws Exception {
    List<InetAddress> own = ownAddresses();
    assumeThat(own).as("this machine has loopback only").isNotEmpty();
    for (InetAddress address : own) {
      String host = address.getHostAddress().replaceFirst("%.*", "");
      int closed = start(host, AccessConfig.LOOPBACK);
      String forwarded = "X-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\n";
      assertThat(raw(host, closed, post(HOOK, TYPE + forwarded)))
          .startsWith("HTTP/1.1 403 ")
          .contains("http.trusted", "\"code\":\"address\"");
      assertThat(raw(host, closed, delete(forwarded)))
          .startsWith("HTTP/1.1 403 ")
          .contains("http.trusted", "\"error\":\"address\"");
      assertThat(status(host, closed, "GET /health HTTP/1.0\r\n\r\n")).isEqualTo(200);
      List<AddressRange> trusted = List.of(AddressRange.parse(host));
      int open = start(host, new AccessConfig(null, false, trusted, Set.of()));
      assertThat(status(host, open, post(HOOK, TYPE))).isEqualTo(200);
      assertThat(status(host, open, delete(""))).isEqualTo(202);
    }
    assertThat(events).hasSameSizeAs(own);
    assertThat(ended).hasSameSizeAs(own);
    await().until(() -> hooksRefused.size() == own.size());
    assertThat(hooksRefused).containsOnly(RequestRefusal.ADDRESS);
    assertThat(writesRefused).hasSameSizeAs(own).containsOnly(RequestRefusal.ADDRESS);
  }

  @Test
  void aTokenIsAskedForWhereverTheRequestComesFrom() throws Exception {
    int port = start(withToken(false));
    assertThat(raw("127.0.0.1", port, delete("")))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("www-authenticate: Bearer")
        .contains("api.token", "\"error\":\"token_missing\"")
        .doesNotContain(TOKEN);
    assertThat(status("127.0.0.1", port, delete("Authorization: Bearer wrong\r\n"))).isEqualTo(401);
    assertThat(ended).isEmpty();
    String good = "Authorization: Bearer " + TOKEN + "\r\n";
    assertThat(status("127.0.0.1", port, delete(good))).isEqualTo(202);
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE))).isEqualTo(200);
    assertThat(writesRefused)
        .containsExactly(RequestRefusal.TOKEN_MISSING, RequestRefusal.TOKEN_WRONG);
  }

  @Test
  void hooksNeedTheTokenWhenToldSo() throws Exception {
    int port = start(withToken(true));
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE))).isEqualTo(401);
    assertThat(status("127.0.0.1", port, post("/hooks/mediamtx/on-ready", TYPE))).isEqualTo(401);
    assertThat(events).isEmpty();
    String good = "Authorization: Bearer " + TOKEN + "\r\n";
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE + good))).isEqualTo(200);
    await().until(() -> hooksRefused.size() == 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/mediamtx/events//ready",
        "//v1/mediamtx/events/ready",
        "/v1/mediamtx/events/x/../ready",
        "/v1/%6dediamtx/events/ready",
        "/v1/mediamtx/events/ready/",
        "/v1/mediamtx/events/ready?x=/metrics",
        "/metrics/../v1/mediamtx/events/ready",
        "/hooks/mediamtx/ready",
        "/hooks/./mediamtx/ready",
        "http://127.0.0.1/v1/mediamtx/events/ready"
      })
  void noWayOfWritingThePathLeadsAroundTheToken(String path) throws Exception {
    int port = start(withToken(true));
    assertThat(status("127.0.0.1", port, post(path, TYPE))).isBetween(400, 499);
    String hidden = post(path, TYPE).replaceFirst("POST ", "post ");
    assertThat(status("127.0.0.1", port, hidden)).isBetween(400, 499);
    String overridden = post(path, TYPE + "X-HTTP-Method-Override: GET\r\n");
    assertThat(status("127.0.0.1", port, overridden)).isBetween(400, 499);
    assertThat(events).isEmpty();
  }

  @Test
  void aWebPageOfAnotherSiteWritesNothing() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    String page = "Origin: http://evil.example\r\n";
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE + page))).isEqualTo(403);
    assertThat(status("127.0.0.1", port, delete(page))).isEqualTo(403);
    assertThat(status("127.0.0.1", port, post(HOOK, TYPE + "Origin: null\r\n"))).isEqualTo(403);
    String preflight =
        "OPTIONS %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%sAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n"
            .formatted(HOOK, page);
    assertThat(raw("127.0.0.1", port, preflight))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContainIgnoringCase("access-control-allow");
    assertThat(events).isEmpty();
    assertThat(ended).isEmpty();
    assertThat(status("127.0.0.1", port, delete("Origin: http://127.0.0.1\r\n"))).isEqualTo(202);
  }

  @Test
  void aNameThatIsReboundToThisMachineWritesNothing() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    String host = "evil.example:" + port;
    for (String request : List.of(post(HOOK, TYPE), delete(""))) {
      String rebound =
          request.replace(
              "Host: 127.0.0.1\r\n", "Host: %s\r\nOrigin: http://%s\r\n".formatted(host, host));
      assertThat(status("127.0.0.1", port, rebound)).isEqualTo(403);
    }
    assertThat(events).isEmpty();
    assertThat(ended).isEmpty();
    assertThat(writesRefused).containsExactly(RequestRefusal.ORIGIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n"
      })
  void aFormIsNoHook(String type) throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    assertThat(raw("127.0.0.1", port, post(HOOK, type)))
        .startsWith("HTTP/1.1 415 ")
        .contains("application/json");
    assertThat(events).isEmpty();
    await().until(() -> hooksRefused.equals(List.of(RequestRefusal.CONTENT_TYPE)));
  }

  @Test
  void aDeleteHasNoBody() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    assertThat(status("127.0.0.1", port, delete("Content-Length: 2\r\n") + "{}")).isEqualTo(400);
    String chunked = delete("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n";
    assertThat(status("127.0.0.1", port, chunked)).isEqualTo(400);
    assertThat(ended).isEmpty();
    assertThat(status("127.0.0.1", port, delete("Content-Length: 0\r\n"))).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/metrics"})
  void healthAndMetricsNeedNothing(String path) throws Exception {
    scrape.countDown();
    int port = start(withToken(true));
    for (String request :
        List.of(
            "GET %s HTTP/1.0\r\n\r\n",
            "GET %s HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET %s HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://x\r\nConnection: close\r\n\r\n",
            "GET %s HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n")) {
      assertThat(status("127.0.0.1", port, request.formatted(path))).as(request).isEqualTo(200);
    }
  }

  @Test
  void hugeHeadersAreRefusedAndThePortLivesOn() throws Exception {
    int port = start(withToken(true));
    String huge = "Authorization: Bearer " + "x".repeat(100_000) + "\r\n";
    assertThat(tolerantStatus(port, post(HOOK, TYPE + huge))).isIn(0, 400, 431);
    String many = "X-A: b\r\n".repeat(20_000);
    assertThat(tolerantStatus(port, post(HOOK, TYPE + many))).isIn(0, 400, 431);
    assertThat(tolerantStatus(port, post("/" + "x".repeat(100_000), TYPE))).isIn(0, 400, 414, 431);
    assertThat(status("127.0.0.1", port, "GET /health HTTP/1.0\r\n\r\n")).isEqualTo(200);
    assertThat(events).isEmpty();
  }

  /** A server that does not read to the end may reset the connection. */
  private static int tolerantStatus(int port, String request) {
    try {
      return status("127.0.0.1", port, request);
    } catch (IOException reset) {
      return 0;
    }
  }

  @Test
  void aRefusedBodyIsNotReadForEver() throws Exception {
    int port = start(withToken(true));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST " + HOOK + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] part =
          ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      long sent = 0;
      try {
        while (sent < (1L << 28)) {
          out.write(part);
          sent += part.length;
        }
      } catch (IOException closed) {
        assertThat(closed).isNotNull();
      }
      assertThat(sent).isLessThan(1L << 28);
    }
  }

  @Test
  void aLivenessProbeWaitsForNoScrape() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    List<Socket> scrapes = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        scrapes.add(socket);
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      for (String path : List.of("/health/live", "/health", "/health/ready", "/v1/streams")) {
        assertThat(status("127.0.0.1", port, "GET " + path + " HTTP/1.0\r\n\r\n")).isEqualTo(200);
      }
    } finally {
      for (Socket socket : scrapes) {
        socket.close();
      }
    }
  }

  @Test
  void connectionsThatSendNothingMakeRoom() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < ApiServer.MAX_CONNECTIONS; i++) {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        silent.add(socket);
      }
      // Those that came within the last second stay; then the oldest goes.
      await()
          .atMost(20, TimeUnit.SECONDS)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () -> status("127.0.0.1", port, "GET /health/live HTTP/1.0\r\n\r\n"), s -> s == 200);
      assertThat(status("127.0.0.1", port, post(HOOK, TYPE))).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aHeaderThatTricklesInIsCutOff() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(500);
      OutputStream out = socket.getOutputStream();
      out.write("GET /health HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
      await()
          .atMost(40, TimeUnit.SECONDS)
          .pollDelay(1, TimeUnit.MILLISECONDS)
          .until(
              () -> {
                try {
                  out.write("X-A: b\r\n".getBytes(StandardCharsets.US_ASCII));
                  return socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException e) {
                  return false;
                } catch (IOException closed) {
                  return true;
                }
              });
    }
  }

  @Test
  void craftedQueriesHoldUpNoProbe() throws Exception {
    int port = start(AccessConfig.LOOPBACK);
    for (String query : List.of("user".repeat(1024), "jwt%3D" + "%61".repeat(1300))) {
      String body = BODY.replace("}", ",\"query\":\"" + query + "\"}");
      for (int i = 0; i < 20; i++) {
        String request =
            "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(HOOK, TYPE, body.length(), body);
        assertThat(status("127.0.0.1", port, request)).isEqualTo(200);
      }
      assertThat(status("127.0.0.1", port, "GET /health/live HTTP/1.0\r\n\r\n")).isEqualTo(200);
    }
  }
}
