package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.Recording;
import babelmux.meter.Sound;
import babelmux.meter.Tones;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What is in each slot of the output, to the sample: a stand-in answers with tones, the worker
 * writes to files, so that nothing is lost on the way to a viewer.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlotsIT {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final int AAC_FRAME = 1024;

  /** A file of this format announces no priming: a decoder hears the encoder's first frame, too. */
  private static final long PRIMING = AAC_FRAME;

  /** Ramps, the fade at a joint and the meter's own window, together far below an AAC frame. */
  private static final long EDGE = 480;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Path folder;
  private Running running;
  private Path shortFilm;
  private Future<JsonNode> tones;
  private Future<JsonNode> alternating;
  private Future<JsonNode> shortStream;

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(SlotsIT.class).toAbsolutePath();
    shortFilm = Films.cut(Films.counting(), folder.resolve("film-10.4.mp4"), 10.4);
    FaultPlan plan =
        FaultPlan.parse(
            "rules: [{stream: alternating, fragment: every 2, do: fail, code: MODEL_ERROR, message: drill, retryable: false}]");
    running =
        Running.start(
            StsEchoConfig.builder().voice(VoiceKind.TONE).faults(plan),
            Map.of("delay", "12s", "output.url-template", "file://" + folder + "/{id}.flv"));
    tones = pool.submit(() -> running.play("tones", Films.counting()));
    alternating = pool.submit(() -> running.play("alternating", Films.counting()));
    shortStream = pool.submit(() -> running.play("short", shortFilm));
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  private Path output(String id) {
    return folder.resolve(id + ".flv");
  }

  @Test
  void theToneOfSlotIIsWhereSlotIIs() throws Exception {
    JsonNode status = tones.get();
    assertThat(status.path("segments").path("dubbed").asInt()).isEqualTo(5);
    Sound sound = Sound.read(output("tones"));
    Tones heard = Tones.of(sound);
    long received = receivedSamples("tones");
    Report.measured("samples received", received);
    long firstSlot = PRIMING;
    for (int slot = 0; slot < 5; slot++) {
      long from = firstSlot + (long) slot * SLOT;
      long to = Math.min(from + SLOT, firstSlot + received);
      Tones.Span span =
          heard.span(
              400 + 50 * slot,
              (int) Math.max(0, from - RATE),
              (int) Math.min(sound.length(), to + RATE));
      Report.measured(
          "tone of slot %d: samples off (begin, end)".formatted(slot),
          (span.from() - from) + ", " + (span.to() - to));
      assertThat((long) span.from()).as("begin of slot %d", slot).isCloseTo(from, within(EDGE));
      assertThat((long) span.to())
          .as("end of slot %d", slot)
          .isCloseTo(to, within(slot == 4 ? AAC_FRAME : EDGE));
    }
  }

  @Test
  void whatTheServiceFailsAtIsTheOriginalInItsPlace() throws Exception {
    JsonNode status = alternating.get();
    assertThat(status.path("segments").path("dubbed").asInt()).isEqualTo(3);
    assertThat(status.path("segments").path("fallback").path("error").asInt()).isEqualTo(2);
    Recording recording = Meter.read(output("alternating"));
    Sound sound = Sound.read(output("alternating"));
    AvReport report = AvReport.of(Originals.of(Films.counting()), recording);
    Tones heard = Tones.of(sound);
    long firstSlot = PRIMING;
    for (int slot : List.of(0, 2, 4)) {
      int from = (int) (firstSlot + (long) slot * SLOT);
      int to = Math.min(from + SLOT, sound.length() - 2 * AAC_FRAME);
      Tones.Span span = heard.span(400 + 50 * slot, from, to);
      assertThat(span.from()).as("begin of slot %d", slot).isCloseTo(from, within((int) EDGE));
      assertThat(span.to()).as("end of slot %d", slot).isCloseTo(to, within((int) EDGE));
    }
    long offsetUs = report.flashOffsets().medianUs();
    List<Integer> expected = new ArrayList<>();
    for (int second = 0; second < 30; second++) {
      double atUs = second * 1e6 + 500_000 + offsetUs;
      for (int slot : List.of(1, 3)) {
        double from = sound.timeUs(firstSlot + (long) slot * SLOT);
        double to = sound.timeUs(firstSlot + (slot + 1L) * SLOT);
        if (atUs >= from && atUs + 100_000 <= to) {
          expected.add(second);
        }
      }
    }
    Report.measured("alternating: seconds in the original", expected);
    Report.measured("alternating: added A/V error max (us)", report.addedAv().maxUs());
    assertThat(report.pairs().stream().map(AvReport.Pair::second)).isEqualTo(expected);
    assertThat(expected).hasSizeBetween(11, 12);
    assertThat(report.addedAv().maxUs()).isLessThan(21_300);
    assertThat(report.beepOffsets().spreadUs()).isLessThan(1000);
  }

  @Test
  void tenPointFourSecondsStayTenPointFour() throws Exception {
    shortStream.get();
    Recording recording = Meter.read(output("short"));
    Recording.Audio audio = Objects.requireNonNull(recording.audio());
    Recording.Video video = Objects.requireNonNull(recording.video());
    long received = receivedSamples("short");
    long written = audio.durationSamples() - PRIMING;
    Report.measured("10.4 s live: samples received, written", received + ", " + written);
    assertThat(received).isBetween(9L * RATE, (long) (10.4 * RATE) + 2 * AAC_FRAME);
    assertThat(written).isCloseTo(received, within((long) AAC_FRAME));
    assertThat(audio.gaps()).isEmpty();
    long frames = (long) running.metric("worker_packets_received_total", "short", "type=\"video\"");
    assertThat(video.frames()).isEqualTo(frames);
    assertThat(recording.flashes().get(recording.flashes().size() - 1).second()).isEqualTo(9);
  }

  private long receivedSamples(String id) throws InterruptedException {
    double packets = running.metric("worker_packets_received_total", id, "type=\"audio\"");
    return Math.round(packets) * AAC_FRAME;
  }
}
