package babelmux.worker.api;

import babelmux.worker.config.SmallFile;
import babelmux.worker.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and private key of the HTTP port, as they stood in their files when they were read,
 * and known to belong together. Immutable.
 */
public final class ServerCertificate {

  private static final Logger log = LoggerFactory.getLogger(ServerCertificate.class);
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final int MAX_BYTES = 1 << 20;

  /** Certificates that renew themselves are renewed earlier than this. */
  private static final Duration NOTICE = Duration.ofDays(14);

  /** Those of which Vert.x serves keys in PEM. */
  private static final List<String> KEY_TYPES = List.of("RSA", "EC");

  private static final byte[] CHALLENGE = "babelmux".getBytes(StandardCharsets.US_ASCII);

  private final byte[] cert;
  private final byte[] key;
  private final Path file;
  private final Instant notBefore;
  private final Instant notAfter;

  private ServerCertificate(byte[] cert, byte[] key, Path file, X509Certificate first) {
    this.cert = cert;
    this.key = key;
    this.file = file;
    this.notBefore = first.getNotBefore().toInstant();
    this.notAfter = first.getNotAfter().toInstant();
  }

  /**
   * Reads both files. Blocks.
   *
   * @throws IOException if a file cannot be used; names the setting, the file and what was expected
   */
  public static ServerCertificate read(Vertx vertx, TlsConfig tls) throws IOException {
    byte[] cert = bytes("http.tls-cert", tls.cert());
    byte[] key = bytes("http.tls-key", tls.key());
    X509Certificate first = certificate(tls.cert(), cert);
    PrivateKey secret = key(vertx, tls.key(), cert, key);
    if (!isPair(first.getPublicKey(), secret)) {
      throw new IOException(
          "http.tls-key is %s, http.tls-cert is %s: expected the key of that certificate (of the first one in the file)"
              .formatted(tls.key(), tls.cert()));
    }
    return new ServerCertificate(cert, key, tls.cert(), first);
  }

  private static byte[] bytes(String setting, Path file) throws IOException {
    try {
      return SmallFile.read(file, MAX_BYTES);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException("%s is %s: the file %s".formatted(setting, file, why), e);
    }
  }

  private static X509Certificate certificate(Path file, byte[] cert) throws IOException {
    try {
      if (text(cert).contains("-----BEGIN CERTIFICATE-----")) {
        for (Certificate found :
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(cert))) {
          return (X509Certificate) found;
        }
      }
    } catch (GeneralSecurityException e) {
      throw notPem(file, e);
    }
    throw notPem(file, null);
  }

  private static IOException notPem(Path file, @Nullable Exception cause) {
    return new IOException(
        "http.tls-cert is %s: expected a PEM file with a certificate (BEGIN CERTIFICATE)"
            .formatted(file),
        cause);
  }

  private static PrivateKey key(Vertx vertx, Path file, byte[] cert, byte[] key)
      throws IOException {
    PrivateKey plain = pkcs8(text(key));
    if (plain != null) {
      return plain;
    }
    Exception cause = null;
    if (text(key).contains("PRIVATE KEY-----") && !text(key).contains("ENCRYPTED")) {
      // An older form, such as BEGIN RSA PRIVATE KEY: the library reads it.
      try {
        for (KeyManager manager : options(cert, key).getKeyManagerFactory(vertx).getKeyManagers()) {
          PrivateKey found = manager instanceof X509KeyManager keys ? first(keys) : null;
          if (found != null) {
            return found;
          }
        }
      } catch (Exception e) {
        // It declares no less.
        cause = e;
      }
    }
    throw noKey(file, cause);
  }

  /** The first key in the form of today; null when there is none. */
  private static @Nullable PrivateKey pkcs8(String pem) {
    Matcher matcher = PKCS8.matcher(pem);
    if (!matcher.find()) {
      return null;
    }
    for (String type : KEY_TYPES) {
      try {
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        log.debug("the key of the HTTP port is none of type {}", type);
      }
    }
    return null;
  }

  private static IOException noKey(Path file, @Nullable Exception cause) {
    return new IOException(
        "http.tls-key is %s: expected a PEM file with an RSA or EC private key that is not encrypted (BEGIN PRIVATE KEY)"
            .formatted(file),
        cause);
  }

  private static @Nullable PrivateKey first(X509KeyManager keys) {
    for (String type : KEY_TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return keys.getPrivateKey(aliases[0]);
      }
    }
    return null;
  }

  private static boolean isPair(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> secret.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(CHALLENGE);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(CHALLENGE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static PemKeyCertOptions options(byte[] cert, byte[] key) {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(cert))
        .setKeyValue(Buffer.buffer(key));
  }

  PemKeyCertOptions options() {
    return options(cert, key);
  }

  /** The moment after which clients refuse it. */
  public Instant notAfter() {
    return notAfter;
  }

  /** What clients will say of it, or say by now; empty when it is good for two weeks and more. */
  public Optional<String> warning(Instant now) {
    if (now.isBefore(notBefore)) {
      return Optional.of("http.tls-cert is %s: valid from %s on only".formatted(file, notBefore));
    }
    if (!now.isBefore(notAfter)) {
      return Optional.of("http.tls-cert is %s: expired on %s".formatted(file, notAfter));
    }
    return now.plus(NOTICE).isBefore(notAfter)
        ? Optional.empty()
        : Optional.of("http.tls-cert is %s: expires on %s".formatted(file, notAfter));
  }

  /** Returns whether the other one has the same contents. */
  boolean isSame(ServerCertificate other) {
    return Arrays.equals(cert, other.cert) && Arrays.equals(key, other.key);
  }
}
