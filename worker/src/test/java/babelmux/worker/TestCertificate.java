package babelmux.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of its own making for localhost and 127.0.0.1, by the JDK's keytool, and its key.
 */
public final class TestCertificate {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyStore keys;
  private final String name;

  private TestCertificate(KeyStore keys, String name) {
    this.keys = keys;
    this.name = name;
  }

  /**
   * Makes one; takes a second.
   *
   * @param folder where its key store is put
   * @param algorithm the key's, such as {@code EC}
   * @param days for which it is good
   */
  public static TestCertificate make(Path folder, String name, String algorithm, int days)
      throws Exception {
    Path store = folder.resolve(name + algorithm + days + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                Integer.toString(days),
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-storetype",
                "PKCS12")
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return new TestCertificate(keys, name);
  }

  /** The certificate. */
  public X509Certificate certificate() throws Exception {
    return (X509Certificate) keys.getCertificate(name);
  }

  /** The certificate as PEM. */
  public String cert() throws Exception {
    return pem("CERTIFICATE", certificate().getEncoded());
  }

  /** The key as PEM. */
  public String key() throws Exception {
    PrivateKey key = (PrivateKey) requireNonNull(keys.getKey(name, PASSWORD));
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** What a server needs. */
  public SSLContext context() throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** A section of a PEM file. */
  public static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }
}
