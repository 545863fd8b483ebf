package babelmux.app.client;

import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.config.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP port of the worker that has these settings, as a client on the same machine sees it.
 * With TLS, only a server with the certificate of {@code http.tls-cert} is believed, whatever its
 * name. Blocks; one thread.
 */
public final class WorkerPort {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 64 << 20;

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
   * @param limit for the answer, once it is connected
   * @throws IOException when nothing answers
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
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token.reveal());
    }
    try {
      int status = connection.getResponseCode();
      InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      try (InputStream body = in == null ? InputStream.nullInputStream() : in) {
        return new Reply(status, new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
      }
    } finally {
      connection.disconnect();
    }
  }

  /** Where it is asked. */
  @Override
  public String toString() {
    return base;
  }
}
