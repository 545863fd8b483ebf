package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.Recording;
import babelmux.origin.FreePort;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The STS is killed and comes back, or was never there: the output goes on. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsGoneIT {
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final int killedPort = FreePort.onLoopback();
  private Path folder;
  private Running running;
  private Running without;
  private Future<JsonNode> killed;
  private Future<JsonNode> never;

  StsGoneIT() throws IOException {}

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(StsGoneIT.class).toAbsolutePath();
    running = start("http://127.0.0.1:" + killedPort);
    without = start("http://127.0.0.1:" + FreePort.onLoopback());
    killed = pool.submit(this::killInTheMiddle);
    never = pool.submit(() -> without.play("never", Films.counting()));
  }

  private Running start(String stsUrl) throws IOException, InterruptedException {
    return Running.start(
        StsEchoConfig.builder(),
        Map.of(
            "delay",
            "10s",
            "sts.url",
            stsUrl,
            "output.url-template",
            "file://" + folder + "/{id}.flv"));
  }

  private StsEcho service() throws IOException {
    return StsEcho.start(
        StsEchoConfig.builder().port(killedPort).voice(VoiceKind.COUNTING_ES).build());
  }

  private JsonNode killInTheMiddle() throws IOException, InterruptedException {
    MediaTask publisher;
    try (StsEcho first = service()) {
      publisher = running.publish("killed", Films.counting());
      // Gone before the second segment is cut: that one cannot be dubbed.
      Running.await(
          "the first dub", Duration.ofSeconds(25), () -> segments("killed", "dubbed") >= 1);
      assertThat(first.port()).isEqualTo(killedPort);
    }
    try (publisher) {
      Running.await(
          "the second segment", Duration.ofSeconds(20), () -> segments("killed", "cut") >= 2);
      assertThat(running.stream("killed").path("sts").path("link").asText())
          .isEqualTo("reconnecting");
      try (StsEcho second = service()) {
        assertThat(second.port()).isEqualTo(killedPort);
        return running.awaitOver("killed");
      }
    }
  }

  private int segments(String id, String name) throws InterruptedException {
    return running.stream(id).path("segments").path(name).asInt();
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
    without.close();
  }

  @Test
  void killedInTheMiddleAndBack() throws Exception {
    JsonNode status = killed.get();
    JsonNode segments = status.path("segments");
    Report.measured("STS killed and back: segments", segments);
    assertThat(status.path("state").asText()).isEqualTo("ENDED");
    int disconnected = segments.path("fallback").path("disconnected").asInt();
    // The first answer of a service that has just started may be late on a busy machine.
    int late = segments.path("fallback").path("timeout").asInt();
    assertThat(disconnected).isBetween(1, 2);
    assertThat(late).isBetween(0, 1);
    assertThat(segments.path("dubbed").asInt())
        .as("dubbed before and after: %s", segments)
        .isEqualTo(5 - disconnected - late);
    constantDelay("killed");
  }

  @Test
  void neverThere() throws Exception {
    JsonNode status = never.get();
    JsonNode segments = status.path("segments");
    Report.measured("STS never there: segments", segments);
    assertThat(status.path("state").asText()).isEqualTo("ENDED");
    assertThat(segments.path("dubbed").asInt()).isZero();
    assertThat(segments.path("fallback").path("disconnected").asInt()).isEqualTo(5);
    assertThat(segments.path("fallback")).hasSize(1);
    assertThat(without.metric("worker_fallback_total", "never", "reason=\"disconnected\""))
        .isEqualTo(5);
    constantDelay("never");
  }

  /** Every mark is there, equally late, sound and picture together. */
  private void constantDelay(String id) throws IOException {
    Recording recording = Meter.read(folder.resolve(id + ".flv"));
    AvReport report = AvReport.of(Originals.of(Films.counting()), recording);
    Report.measured(id + ": spread of the flashes (us)", report.flashOffsets().spreadUs());
    Report.measured(id + ": added A/V error max (us)", report.addedAv().maxUs());
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(Films.flashesMissing(report, recording)).isEmpty();
    assertThat(report.flashOffsets().count()).isGreaterThanOrEqualTo(29);
    assertThat(report.flashOffsets().spreadUs()).isLessThan(33_000);
    assertThat(report.addedAv().maxUs()).isLessThan(21_300);
    assertThat(report.frameFaults()).isZero();
    assertThat(report.audioGaps()).isEmpty();
  }
}
