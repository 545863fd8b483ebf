package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.worker.TestCertificate;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Over real sockets, with certificates of the JDK's keytool. */
@Timeout(60)
class ApiTlsTest {
  private static final Map<String, TestCertificate> PAIRS = new HashMap<>();
  @TempDir static Path stores;
  @TempDir Path folder;
  private Instant now = Instant.EPOCH;
  private final Vertx vertx = HandshakeLimit.vertx(new VertxOptions());

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static TestCertificate pair(String name, String algorithm) throws Exception {
    return pair(name, algorithm, 2);
  }

  /** Made once for all tests. */
  private static TestCertificate pair(String name, String algorithm, int days) throws Exception {
    TestCertificate known = PAIRS.get(name + algorithm + days);
    if (known != null) {
      return known;
    }
    TestCertificate made = TestCertificate.make(stores, name, algorithm, days);
    PAIRS.put(name + algorithm + days, made);
    return made;
  }

  private TlsConfig files(String cert, String key) throws IOException {
    Path certFile = folder.resolve("cert.pem");
    Path keyFile = folder.resolve("key.pem");
    Files.writeString(certFile, cert);
    Files.writeString(keyFile, key);
    return new TlsConfig(certFile, keyFile);
  }

  private ApiServer start(@Nullable TlsConfig tls) throws IOException, InterruptedException {
    return start(tls, AccessConfig.LOOPBACK, InstantSource.system());
  }

  private ApiServer start(@Nullable TlsConfig tls, InstantSource clock)
      throws IOException, InterruptedException {
    return start(tls, AccessConfig.LOOPBACK, clock);
  }

  private ApiServer start(@Nullable TlsConfig tls, AccessConfig access, InstantSource clock)
      throws IOException, InterruptedException {
    ApiParts parts =
        new ApiParts(
            "0.1.0",
            new NoStreams(),
            format -> "",
            () -> Readiness.READY,
            router -> {},
            time -> {},
            reason -> {},
            reason -> {});
    return ApiServer.start(
        vertx, new HttpConfig("127.0.0.1", 0, tls), access, parts, clock, System::nanoTime);
  }

  /** A client that trusts this certificate alone; each makes a connection of its own. */
  private static HttpClient client(TestCertificate trusted) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("own", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static int status(HttpClient client, ApiServer server, String scheme) throws Exception {
    URI uri = URI.create("%s://127.0.0.1:%d/health".formatted(scheme, server.port()));
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void thePortSpeaksHttpsAndNothingElse() throws Exception {
    for (String algorithm : new String[] {"EC", "RSA"}) {
      TestCertificate pair = pair("a", algorithm);
      try (ApiServer server = start(files(pair.cert(), pair.key()))) {
        assertThat(status(client(pair), server, "https")).isEqualTo(200);
        assertThatThrownBy(() -> status(HttpClient.newHttpClient(), server, "https"))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> status(client(pair), server, "http"))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void theCookieOfASessionIsSentOverHttpsOnly() throws Exception {
    TestCertificate pair = pair("a", "EC");
    AccessConfig access = new AccessConfig(new Secret("a-token"), false, List.of(), Set.of());
    try (ApiServer server = start(files(pair.cert(), pair.key()), access, InstantSource.system())) {
      URI uri = URI.create("https://127.0.0.1:%d/v1/session".formatted(server.port()));
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"token\": \"a-token\"}"))
              .build();
      HttpResponse<Void> response =
          client(pair).send(request, HttpResponse.BodyHandlers.discarding());
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("babelmux-session-" + server.port() + "=")
          .endsWith("; Max-Age=43200; Secure");
    }
  }

  @Test
  void aRenewedCertificateIsServedToNewConnectionsAndABadOneChangesNothing() throws Exception {
    TestCertificate first = pair("a", "EC");
    TestCertificate second = pair("second", "EC");
    try (ApiServer server = start(files(first.cert(), first.key()))) {
      HttpClient early = client(first);
      assertThat(status(early, server, "https")).isEqualTo(200);
      assertThat(server.readCertificateAgain()).isFalse();
      files(second.cert(), first.key());
      assertThatThrownBy(server::readCertificateAgain)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("key.pem");
      assertThat(status(client(first), server, "https")).isEqualTo(200);
      files(second.cert(), second.key());
      assertThat(server.readCertificateAgain()).isTrue();
      assertThat(status(client(second), server, "https")).isEqualTo(200);
      assertThatThrownBy(() -> status(client(first), server, "https"))
          .isInstanceOf(IOException.class);
      // Its connection was made before.
      assertThat(status(early, server, "https")).isEqualTo(200);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeInPlaceOfTheKeyHoldsUpNothing() throws Exception {
    TestCertificate pair = pair("a", "EC");
    TlsConfig tls = files(pair.cert(), pair.key());
    try (ApiServer server = start(tls)) {
      Files.delete(tls.key());
      assertThat(new ProcessBuilder("mkfifo", tls.key().toString()).start().waitFor()).isZero();
      assertThatThrownBy(server::readCertificateAgain)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("http.tls-key is", "key.pem", "is no regular file");
      assertThat(status(client(pair), server, "https")).isEqualTo(200);
    }
  }

  @Test
  void aCertificateIsWarnedOfTwoWeeksBeforeItsEnd() throws Exception {
    TestCertificate pair = pair("a", "EC");
    ServerCertificate read = ServerCertificate.read(vertx, files(pair.cert(), pair.key()));
    Instant end = read.notAfter();
    assertThat(end).isEqualTo(pair.certificate().getNotAfter().toInstant());
    assertThat(read.warning(end.minus(Duration.ofDays(3)))).get().asString().contains("valid from");
    assertThat(read.warning(end.minusSeconds(1)))
        .get()
        .asString()
        .contains("http.tls-cert is", "cert.pem", "expires on " + end);
    assertThat(read.warning(end)).get().asString().contains("expired on " + end);
    try (ApiServer server = start(files(pair.cert(), pair.key()))) {
      assertThat(server.certificateWarning(end)).isPresent();
    }
    try (ApiServer server = start(null)) {
      assertThat(server.certificateWarning(end)).isEmpty();
      assertThat(server.readCertificateAgain()).isFalse();
    }
    TestCertificate longer = pair("b", "EC", 30);
    ServerCertificate good = ServerCertificate.read(vertx, files(longer.cert(), longer.key()));
    assertThat(good.warning(good.notAfter().minus(Duration.ofDays(15)))).isEmpty();
    assertThat(good.warning(good.notAfter().minus(Duration.ofDays(14)))).isPresent();
  }

  @Test
  void theEndIsToldOnceADayFromTwoWeeksBeforeItOn() throws Exception {
    TestCertificate pair = pair("b", "EC", 30);
    ServerCertificate read = ServerCertificate.read(vertx, files(pair.cert(), pair.key()));
    Instant end = read.notAfter();
    now = end.minus(Duration.ofDays(20));
    CertificateWatch watch = new CertificateWatch(read, () -> now);
    List<Integer> told = new ArrayList<>();
    for (int hour = 1; hour <= 21 * 24; hour++) {
      now = now.plus(Duration.ofHours(1));
      if (watch.reminder().isPresent()) {
        told.add(hour);
      }
    }
    assertThat(told).isEqualTo(IntStream.rangeClosed(6, 21).mapToObj(day -> day * 24).toList());
    watch.use(read);
    now = now.plus(Duration.ofHours(23));
    assertThat(watch.reminder()).as("told when it was read").isEmpty();
  }

  @Test
  void aCertificateThatIsOverIsAReasonToBeDegraded() throws Exception {
    TestCertificate pair = pair("a", "EC");
    Instant end = pair.certificate().getNotAfter().toInstant();
    now = end.minusSeconds(1);
    try (ApiServer server = start(files(pair.cert(), pair.key()), () -> now)) {
      assertThat(readiness(client(pair), server)).contains("\"ready\"");
      now = end;
      assertThat(readiness(client(pair), server))
          .contains("\"degraded\"", "\"component\":\"certificate\"", "expired on " + end);
    }
  }

  private static String readiness(HttpClient client, ApiServer server) throws Exception {
    URI uri = URI.create("https://127.0.0.1:%d/health/ready".formatted(server.port()));
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void connectionsThatNeverFinishTheirHandshakeAreFewAndBrief() throws Exception {
    TestCertificate pair = pair("a", "EC");
    List<Socket> sockets = new ArrayList<>();
    try (ApiServer server = start(files(pair.cert(), pair.key()))) {
      int over = 40;
      for (int n = 0; n < HandshakeLimit.MAX_HANDSHAKES + over; n++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        if (n % 2 == 0) {
          // Half a hello.
          socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 100, 1});
        }
      }
      await().until(() -> closed(sockets) >= over);
      await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(status(client(pair), server, "https")).isEqualTo(200));
      await()
          .atMost(HandshakeLimit.LIMIT.multipliedBy(4))
          .untilAsserted(() -> assertThat(closed(sockets)).isEqualTo(sockets.size()));
      // Those that have finished count no more.
      HttpClient one = client(pair);
      assertThat(status(one, server, "https")).isEqualTo(200);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static int closed(List<Socket> sockets) throws IOException {
    int closed = 0;
    for (Socket socket : sockets) {
      closed += isOpen(socket) ? 0 : 1;
    }
    return closed;
  }

  private static boolean isOpen(Socket socket) throws IOException {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  private void isRefused(TlsConfig tls, String... words) {
    assertThatThrownBy(() -> start(tls))
        .isInstanceOf(IOException.class)
        .satisfies(failure -> assertThat(failure.getMessage()).contains(words));
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws Exception {
    TestCertificate pair = pair("a", "EC");
    TestCertificate other = pair("a", "RSA");
    isRefused(files(pair.cert(), other.key()), "http.tls-key", "key.pem", "of that certificate");
    isRefused(files("no PEM", pair.key()), "http.tls-cert is", "cert.pem", "BEGIN CERTIFICATE");
    isRefused(files(pair.key(), pair.key()), "http.tls-cert is", "BEGIN CERTIFICATE");
    isRefused(
        files("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", pair.key()),
        "http.tls-cert is");
    isRefused(files(pair.cert(), "no PEM"), "http.tls-key is", "key.pem", "BEGIN PRIVATE KEY");
    isRefused(files(pair.cert(), pair.cert()), "http.tls-key is", "BEGIN PRIVATE KEY");
    isRefused(
        files(pair.cert(), TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2})),
        "http.tls-key is",
        "not encrypted");
    isRefused(
        files(pair.cert(), TestCertificate.pem("PRIVATE KEY", new byte[] {1, 2})),
        "http.tls-key is");
    TestCertificate edwards = pair("a", "Ed25519");
    isRefused(files(edwards.cert(), edwards.key()), "http.tls-key is", "RSA or EC");
    TlsConfig absent = new TlsConfig(folder.resolve("cert.pem"), folder.resolve("absent"));
    isRefused(absent, "http.tls-key is", "absent", "is not there");
  }
}
