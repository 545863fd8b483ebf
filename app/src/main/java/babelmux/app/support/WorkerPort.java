package babelmux.app.support;

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
final class WorkerPort {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MAX_BYTES = 64 << 20;

  private final String base;
  private final @Nullable Secret token;
  private final @Nullable SSLSocketFactory tls;

  /**
   * An answer.
   *
   * @param status HTTP status
   */
  record Reply(int status, String body) {
    boolean isOk() {
      return status == HttpURLConnection.HTTP_OK;
    }
  }

  /**
   * @throws IOException when the host is unknown, or the certificate cannot be read
   */
  WorkerPort(HttpConfig http, @Nullable Secret token) throws IOException {
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
   * Asks.
   *
   * @param path such as {@code /v1/support}
   * @throws IOException when nothing answers
   */
  Reply get(String path) throws IOException {
    URL url = URI.create(base + path).toURL();
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    if (tls != null && connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(tls);
      // Its certificate is known, whatever name stands in it.
      https.setHostnameVerifier((name, session) -> true);
    }
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
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
