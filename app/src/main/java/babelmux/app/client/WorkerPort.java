package babelmux.app.client;

import babelmux.hooks.Printable;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.config.TlsConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP port of the worker that has these settings, as a client on the same machine sees it.
 * With TLS, only a server with the certificate of {@code http.tls-cert} is believed, whatever its
 * name. The token is told to nothing but paths under {@code /v1}: another program may have the
 * port, so ask {@link #isWorker} first. Blocks; one thread.
 */
public final class WorkerPort {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 64 << 20;
  private static final int PART_BYTES = 64 << 10;
  private static final int MAX_DETAIL = 300;
  private static final String TOKEN_PATHS = "/v1/";
  private static final String SERVICE = "stream-orchestration";
  private static final JsonMapper JSON = new JsonMapper();

  private final String base;
  private final @Nullable Secret token;
  private final @Nullable SSLSocketFactory tls;

  /**
   * An answer.
   *
   * @param status HTTP status
   */
  public record Reply(int status, String body) {

    /** Whether the status is 200. */
    public boolean isOk() {
      return status == HttpURLConnection.HTTP_OK;
    }

    /** The reason that a refusal gives, as one line; empty when it gives none. */
    public String detail() {
      try {
        return Printable.line(JSON.readTree(body).path("detail").asText(""), MAX_DETAIL);
      } catch (JsonProcessingException e) {
        return "";
      }
    }
  }

  /**
   * The port of these settings.
   *
   * @throws IOException when the host is unknown, or the certificate cannot be read
   */
  public WorkerPort(HttpConfig http, @Nullable Secret token) throws IOException {
    // The address, not the name: the worker is asked under an address or a name that it allows.
    InetAddress host = InetAddress.getByName(http.host());
    InetAddress reached = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    String shown =
        reached instanceof Inet6Address
            ? "[" + reached.getHostAddress() + "]"
            : reached.getHostAddress();
    this.base = "%s://%s:%d".formatted(http.scheme(), shown, http.port());
    this.token = token;
    this.tls = http.tls() == null ? null : trusting(http.tls());
  }

  private static SSLSocketFactory trusting(TlsConfig tls) throws IOException {
    try (InputStream in = Files.newInputStream(tls.cert())) {
      Certificate own = CertificateFactory.getInstance("X.509").generateCertificate(in);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("worker", own);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("http.tls-cert cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Returns whether a worker answers there. No secret is sent.
   *
   * @param limit for its answer, once it is connected
   * @throws IOException when nothing answers
   */
  public boolean isWorker(Duration limit) throws IOException {
    Reply reply = ask("GET", "/", limit);
    try {
      return reply.isOk() && JSON.readTree(reply.body()).path("service").asText().equals(SERVICE);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /**
   * Asks with GET.
   *
   * @param path such as {@code /v1/support}
   * @throws IOException when nothing answers within 30 s
   */
  public Reply get(String path) throws IOException {
    return ask("GET", path, READ_LIMIT);
  }

  /**
   * Asks, without a body.
   *
   * @param limit for the whole answer, once it is connected
   * @throws IOException when nothing answers, or no whole answer comes
   */
  public Reply ask(String method, String path, Duration limit) throws IOException {
    URL url = URI.create(base + path).toURL();
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    if (tls != null && connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(tls);
      // Its certificate is known, whatever name stands in it.
      https.setHostnameVerifier((name, session) -> true);
    }
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
    connection.setReadTimeout((int) limit.toMillis());
    connection.setInstanceFollowRedirects(false);
    // Its own default is that of a browser, which gets the page at /.
    connection.setRequestProperty("Accept", "application/json, */*;q=0.5");
    if (token != null && path.startsWith(TOKEN_PATHS)) {
      connection.setRequestProperty("Authorization", "Bearer " + token.reveal());
    }
    // Its own limit is one for each read: a byte now and then would hold us for ever.
    long endNanos = System.nanoTime() + CONNECT_LIMIT.plus(limit).toNanos();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            connection::disconnect,
            CompletableFuture.delayedExecutor(
                CONNECT_LIMIT.plus(limit).toMillis(), TimeUnit.MILLISECONDS));
    try {
      int status = connection.getResponseCode();
      InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      try (InputStream body = in == null ? InputStream.nullInputStream() : in) {
        return new Reply(status, text(connection, body, endNanos));
      }
    } finally {
      end.cancel(false);
      connection.disconnect();
    }
  }

  private static String text(HttpURLConnection connection, InputStream body, long endNanos)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[PART_BYTES];
    while (all.size() < MAX_BYTES) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("no whole answer in time");
      }
      connection.setReadTimeout((int) left);
      int count = body.read(part);
      if (count < 0) {
        break;
      }
      all.write(part, 0, count);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Where it is asked. */
  @Override
  public String toString() {
    return base;
  }
}
