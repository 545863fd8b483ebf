package babelmux.app.doctor;

import babelmux.app.Tools;
import babelmux.bench.FfmpegProgram;
import babelmux.media.Natives;
import babelmux.origin.MediaMtxProcess;
import babelmux.worker.api.ServerCertificate;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at the machine that the worker is to run on. */
final class Machine {

  private final Map<String, String> environment;

  Machine(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @param port what there is to say of the port
   */
  List<Finding> look(HttpConfig http, Finding port) throws InterruptedException {
    List<Finding> findings =
        new ArrayList<>(List.of(java(Runtime.version().feature()), natives(), port));
    TlsConfig tls = http.tls();
    if (tls != null) {
      findings.add(certificate(tls, Instant.now()));
    }
    // What only demo, bench and MediaMTX's own machine need.
    if (Tools.areInstalled()) {
      findings.addAll(List.of(mediaMtx(), benchProgram()));
    }
    return findings;
  }

  static Finding java(int version) {
    String text = "version %d (%s)".formatted(version, System.getProperty("java.home"));
    return version >= 17 ? Finding.ok("java", text) : Finding.of(Code.JAVA, text);
  }

  private static Finding natives() {
    try {
      return Finding.ok(
          "ffmpeg",
          "version " + Natives.load() + ", in the process: all that serve, dub and demo need");
    } catch (LinkageError e) {
      return Finding.of(
          Code.NATIVES,
          "its native libraries do not load on %s %s (%s)"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e));
    }
  }

  private static Finding benchProgram() throws InterruptedException {
    try {
      return Finding.ok("bench", "can use the ffmpeg program, version " + FfmpegProgram.version());
    } catch (IOException e) {
      return Finding.ok(
          "bench",
          "cannot compare with ffmpeg (%s); nothing else needs it".formatted(e.getMessage()));
    }
  }

  /** What serve and its clients will say of the port's certificate. */
  static Finding certificate(TlsConfig tls, Instant now) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    try {
      ServerCertificate certificate = ServerCertificate.read(vertx, tls);
      return certificate
          .warning(now)
          .map(warning -> Finding.of(Code.CERTIFICATE_ENDS, warning))
          .orElseGet(
              () ->
                  Finding.ok(
                      "certificate",
                      "%s is good until %s".formatted(tls.cert(), certificate.notAfter())));
    } catch (IOException e) {
      return Finding.of(Code.CERTIFICATE, String.valueOf(e.getMessage()));
    } finally {
      // Nothing runs on its threads, and they keep no process alive: nobody needs to wait.
      vertx.close();
    }
  }

  private Finding mediaMtx() {
    try {
      return MediaMtxProcess.find(environment)
          .map(path -> Finding.ok("mediamtx", "found at " + path))
          .orElseGet(
              () ->
                  Finding.ok(
                      "mediamtx",
                      "no program on this machine: demo and tests use the embedded origin"
                          + " (deploy/mediamtx/install.sh gets one)"));
    } catch (IllegalArgumentException e) {
      return Finding.of(Code.SETTINGS, String.valueOf(e.getMessage()), "correct MEDIAMTX_BIN");
    }
  }
}
