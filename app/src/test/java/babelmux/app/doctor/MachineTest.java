package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MachineTest {

  @TempDir Path folder;

  /** A new certificate for 30 days and its key, in PEM files of these names. */
  private X509Certificate make(Path cert, Path key) throws Exception {
    String password = "changeit";
    Path store = Files.createTempDirectory(folder, "store").resolve("tls.p12");
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool", "-genkeypair"));
    command.addAll(List.of("-alias", "a", "-keyalg", "EC", "-dname", "CN=a", "-validity", "30"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", password));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    X509Certificate certificate = (X509Certificate) keys.getCertificate("a");
    pem(cert, "CERTIFICATE", certificate.getEncoded());
    pem(key, "PRIVATE KEY", requireNonNull(keys.getKey("a", password.toCharArray())).getEncoded());
    return certificate;
  }

  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what));
  }

  @Test
  void theCertificateOfThePortIsLookedAtAsServeAndItsClientsWill() throws Exception {
    Path cert = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    TlsConfig tls = new TlsConfig(cert, key);
    Instant end = make(cert, key).getNotAfter().toInstant();
    assertThat(Machine.certificate(tls, Instant.now()).line())
        .startsWith("ok       -        certificate")
        .contains(cert + " is good until " + end);
    assertThat(Machine.certificate(tls, end.minusSeconds(1)).line())
        .startsWith("warn     BMX-105  certificate")
        .contains("http.tls-cert is " + cert + ": expires on " + end, "send serve SIGHUP");
    make(folder.resolve("other.pem"), key);
    assertThat(Machine.certificate(tls, Instant.now()).line())
        .startsWith("fail     BMX-106  certificate")
        .contains("http.tls-key is " + key, "the key of that certificate");
    Files.delete(cert);
    assertThat(Machine.certificate(tls, Instant.now()).line())
        .startsWith("fail     BMX-106  certificate")
        .contains("http.tls-cert is " + cert + ": the file is not there");
  }
}
