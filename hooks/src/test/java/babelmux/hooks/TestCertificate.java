package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate of its own making for 127.0.0.1, by the JDK's keytool. */
final class TestCertificate {

  private static final String PASSWORD = "changeit";

  private TestCertificate() {}

  /**
   * Makes one.
   *
   * @param folder for the key
   * @param certificate the PEM file to write
   * @return what a server needs
   */
  static SSLContext make(Path folder, Path certificate) throws Exception {
    Path store = folder.resolve("tls.p12");
    keytool(
        store,
        "-genkeypair -alias test -keyalg EC -groupname secp256r1 -dname CN=test -validity 2"
            + " -ext san=ip:127.0.0.1 -storetype PKCS12");
    keytool(store, "-exportcert -rfc -alias test -file", certificate.toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(Path store, String options, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of(more));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Deploy.Ended ended = Deploy.run(new ProcessBuilder(command));
    assertThat(ended.status()).as(ended.output()).isZero();
  }
}
