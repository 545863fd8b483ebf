package babelmux.worker.destinations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.OutputConfig;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostLookup;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.output.DestinationState;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.output.DestinationTarget;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.tls.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RTMPS to a real TLS server in front of the origin, with a certificate for live.example. */
@Tag("slow")
@Timeout(60)
class TlsDestinationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String PASSWORD = "changeit";
  private static final String KEY = "abcd-secret-key";
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Path certificate;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static SSLContext context;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    certificate = folder.resolve("ca.pem");
    keytool(
        store,
        "-genkeypair -alias live -keyalg EC -groupname secp256r1 -dname CN=test -validity 2"
            + " -ext san=dns:live.example -storetype PKCS12");
    keytool(store, "-exportcert -rfc -alias live -file " + certificate);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
  }

  private static void keytool(Path store, String options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(said).isZero();
  }

  @AfterEach
  void nothingLeaks() {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("tls-")));
  }

  /** Takes the TLS off each connection and hands it on. */
  private static final class TlsFront implements AutoCloseable {
    private final SSLServerSocket server;
    private final URI target;

    TlsFront(URI target) throws IOException {
      this.target = target;
      server =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
      start(this::accept);
    }

    private static void start(Runnable work) {
      Thread thread = new Thread(work, "front");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = server.accept();
          Socket origin = new Socket(target.getHost(), target.getPort());
          start(() -> copy(client, origin));
          start(() -> copy(origin, client));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    private static void copy(Socket from, Socket to) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        in.transferTo(out);
      } catch (IOException e) {
        // One of them has hung up.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static DestinationServers servers(boolean trusting) throws Exception {
    OutputConfig config =
        ConfigLoader.load(Map.of("output.destinations-allow", "127.0.0.0/8"), Map.of(), null)
            .config()
            .output();
    // Every name is this machine.
    HostLookup lookup = host -> List.of(InetAddress.getLoopbackAddress());
    return new DestinationServers(
        lookup,
        new HostGuard("output.destinations-allow", config.destinationsAllow(), lookup),
        trusting
            ? TrustedCertificates.withFile("output.ca-file", certificate)::sockets
            : TrustedCertificates::systemSockets);
  }

  private static String url(String host, TlsFront front) {
    return "rtmps://%s:%d/live/%s".formatted(host, front.port(), KEY);
  }

  private static Destination open(DestinationTarget target) {
    return new Destination(
        "tls", 0, target, DestinationOptions.ofFile(), new DestinationListener() {});
  }

  /** The status once the film was sent, or could not be. */
  private static DestinationStatus send(DestinationTarget target, OnServer whileSent)
      throws Exception {
    try (Source source = Source.open(FILM.toString(), SourceOptions.defaults());
        Destination destination = open(target)) {
      OutputFormats formats = new OutputFormats(source.video(), source.audio());
      destination.begin(formats);
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (OutputPacket packet =
            new OutputPacket(next, next.ptsUs() + 3_000_000, next.dtsUs() + 3_000_000)) {
          if (packet.dtsUs() < 12_000_000) {
            destination.write(packet);
            destination.flush();
          }
        }
      }
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  destination.status().state() == DestinationState.DOWN
                      || (destination.status().bytes() > 0 && destination.status().queueUs() == 0));
      whileSent.look();
      destination.beginFinish();
      destination.awaitFinish(LIMIT);
      return destination.status();
    }
  }

  private interface OnServer {
    void look() throws Exception;
  }

  @Test
  void aServerWithATrustedCertificateOfItsHostGetsTheStream() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        TlsFront front = new TlsFront(origin.rtmpUrl())) {
      DestinationUrl url = DestinationUrl.parse(url("live.example", front));
      for (DestinationTarget target :
          List.of(
              servers(true).posted(url), servers(true).configured(url.server().reveal(), false))) {
        DestinationStatus status =
            send(target, () -> await().atMost(LIMIT).until(() -> isThere(origin)));
        assertThat(status.lastError()).isNull();
        assertThat(status.dropped()).isZero();
        await().atMost(LIMIT).until(() -> !isThere(origin));
      }
    }
  }

  private static boolean isThere(EmbeddedOrigin origin) throws IOException, InterruptedException {
    URI path = URI.create(origin.apiUrl() + "/v3/paths/get/live/" + KEY);
    return HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(path).build(), HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 200;
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        TlsFront front = new TlsFront(origin.rtmpUrl())) {
      refused(servers(true).configured(url("other.example", front), false), "other.example");
      refused(
          servers(true).posted(DestinationUrl.parse(url("other.example", front))), "other.example");
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        TlsFront front = new TlsFront(origin.rtmpUrl())) {
      refused(servers(false).configured(url("live.example", front), false), "live.example");
    }
  }

  private static void refused(DestinationTarget target, String host) throws Exception {
    DestinationStatus status = send(target, () -> {});
    assertThat(status.lastError())
        .startsWith("refused: the server is not known to be " + host)
        .contains("output.ca-file")
        .doesNotContain(KEY);
    assertThat(status.bytes()).isZero();
  }

  @Test
  void aPortThatNobodyListensOnIsANetworkFault() throws Exception {
    String url = "rtmps://live.example:1/live/" + KEY;
    assertThat(send(servers(true).configured(url, false), () -> {}).lastError())
        .startsWith("network: cannot connect live.example (127.0.0.1) port 1")
        .doesNotContain(KEY);
  }

  @Test
  void aHostThatIsNotAllowedAnyMoreIsNotConnected() throws Exception {
    OutputConfig config =
        ConfigLoader.load(Map.of("output.destinations-allow", "live.example"), Map.of(), null)
            .config()
            .output();
    HostLookup rebinding = host -> List.of(InetAddress.getLoopbackAddress());
    DestinationServers servers =
        new DestinationServers(
            rebinding,
            new HostGuard("output.destinations-allow", config.destinationsAllow(), rebinding),
            TrustedCertificates::systemSockets);
    DestinationUrl url = DestinationUrl.parse("rtmp://live.example:1/live/" + KEY);
    assertThat(send(servers.posted(url), () -> {}).lastError())
        .startsWith("refused: cannot open rtmp://live.example:1/live/***: ")
        .contains("output.destinations-allow")
        .contains("127.0.0.1");
  }
}
