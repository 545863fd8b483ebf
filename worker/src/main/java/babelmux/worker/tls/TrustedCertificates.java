package babelmux.worker.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The system's certificates and those of a PEM file: what servers are checked against. */
public record TrustedCertificates(SSLSocketFactory sockets, X509TrustManager manager) {

  /**
   * Reads a file of certificates.
   *
   * @param setting that names it, for messages
   * @throws IllegalArgumentException if it cannot be read or holds none; names the file
   */
  public static TrustedCertificates withFile(String setting, Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> own =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (own.isEmpty()) {
        throw new IllegalArgumentException(
            "%s is %s, expected at least one PEM certificate in it".formatted(setting, pem));
      }
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int count = 0;
      for (X509Certificate certificate : manager(null).getAcceptedIssuers()) {
        all.setCertificateEntry("system-" + count++, certificate);
      }
      for (Certificate certificate : own) {
        all.setCertificateEntry("own-" + count++, certificate);
      }
      X509TrustManager manager = manager(all);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return new TrustedCertificates(context.getSocketFactory(), manager);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "%s is %s, expected a readable file of PEM certificates: %s"
              .formatted(setting, pem, e.getMessage()),
          e);
    }
  }

  /**
   * Sockets that check servers against the system's certificates alone. Java reads them once, when
   * this is asked for the first time, which takes 0.1 s.
   *
   * @throws IllegalStateException if they cannot be read
   */
  public static SSLSocketFactory systemSockets() {
    try {
      return SSLContext.getDefault().getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the system's certificates cannot be read", e);
    }
  }

  private static X509TrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
