package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.meter.Beep;
import babelmux.meter.Meter;
import babelmux.origin.FreePort;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A viewer plays {@code hls.m3u8} of a stream on MediaMTX, in each variant of its HLS. Where a cue
 * belongs is found without what the worker knows of MediaMTX: pictures of the HLS are compared with
 * the same ones of the output over RTMP, and beeps are heard in the HLS.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class CaptionsIT {
  private static final String ID = "captions";
  private static final String OUT = "live/" + ID + "/out";
  private static final Duration DELAY = Duration.ofSeconds(12);
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int SECONDS = 24;
  private static final int SLOTS = 3;

  /** So close has a cue to be to what it is a cue of. */
  private static final double STEP = 0.5;

  private static final double MAP_STEP = 0.02;

  private static final double BEEP_SECONDS = 0.1;

  /** After the onset of a beep, whose word may be heard until then. */
  private static final double WORD_END_SECONDS = 0.87;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"lowLatency,10.0", "fmp4,10.0", "mpegts,0.0"})
  @Timeout(150)
  void eachCueStandsAtItsPlace(String variant, double offset) throws Exception {
    Path program = Path.of(Servers.realOrSkip());
    Path film = Films.cut(Films.counting(), folder.resolve("film.mp4"), SECONDS);
    // The server's own environment changes its settings, too.
    OriginConfig config =
        OriginConfig.builder().hookEnvironment(Map.of("MTX_HLSVARIANT", variant)).build();
    MediaMtxProcess server = MediaMtxProcess.start(program, config);
    StsEcho sts =
        StsEcho.start(StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES).port(0).build());
    try (Running running = start(server, sts);
        MediaTask publisher = running.publish(ID, film)) {
      Tap output = Tap.watch(running, OUT, pool);
      running.awaitListed(OUT, LIMIT);
      HlsViewer viewer = HlsViewer.open(URI.create(running.url("/v1/streams/" + ID + "/")), LIMIT);
      Map<Integer, Double> slots = new HashMap<>();
      Running.await(
          "the words of " + SLOTS + " slots are on air",
          LIMIT,
          () -> {
            viewer.look();
            noteSlots(running, slots);
            return slots.size() > SLOTS;
          });
      // What the last of them say is in the player now, too.
      running.awaitOver(ID);
      assertThat(publisher.said()).isEmpty();
      check(viewer, output, slots, offset);
    }
  }

  /** A worker of its own, which finds its stream by the API: there are no hooks. */
  private static Running start(MediaMtxProcess server, StsEcho sts) throws Exception {
    int port = FreePort.onLoopback();
    Map<String, String> settings = new HashMap<>();
    settings.put("http.port", Integer.toString(port));
    settings.put("mediamtx.rtmp-url", server.rtmpUrl().toString());
    settings.put("mediamtx.api-url", server.apiUrl().toString());
    settings.put("mediamtx.hls-url", server.hlsUrl().toString());
    settings.put("page.hls-url", server.hlsUrl().toString());
    settings.put("mediamtx.reconcile-interval", "1s");
    settings.put("admission.cpu", "false");
    settings.put("sts.url", sts.url().toString());
    settings.put("delay", DELAY.toMillis() + "ms");
    settings.put("source.grace", "1s");
    LocalStack.Worker worker = LocalStackFactory.worker(settings);
    URI url = URI.create("http://127.0.0.1:" + port);
    return Running.of(new LocalStack(server, sts, worker, url));
  }

  /** Slots that have a dub and begin to leave, with their output times. */
  private static void noteSlots(Running running, Map<Integer, Double> slots)
      throws InterruptedException {
    for (JsonNode slot : running.stream(ID).path("slots")) {
      if (slot.path("aired").asBoolean() && slot.path("state").asText().equals("dub")) {
        slots.put(slot.path("number").asInt(), slot.path("startMs").asLong() / 1000.0);
      }
    }
  }

  private void check(
      HlsViewer viewer, Tap output, Map<Integer, Double> slots, double expectedOffset)
      throws IOException {
    double offset = offset(output, Tap.of(viewer.saveVideo(folder).toString()));
    List<Beep> beeps = Meter.read(viewer.saveAudio(folder)).beeps();
    assertThat(beeps.size()).isGreaterThan(8);
    Report.measured(
        "captions, " + viewer.kind(), "media timeline = output's + %.3f s".formatted(offset));
    assertThat(offset).isBetween(expectedOffset - 0.002, expectedOffset + 0.002);
    int checked = 0;
    double worst = 0;
    double worstDate = 0;
    for (String language : List.of("es", "en")) {
      List<HlsViewer.Cue> cues = viewer.cues(language);
      for (Map.Entry<Integer, Double> slot : slots.entrySet()) {
        double begins = slot.getValue() + offset;
        if (begins < viewer.beganAt() + 1 || begins > viewer.endedAt() - 2) {
          // The viewer came later, or left before.
          continue;
        }
        String said = "(seq=" + slot.getKey() + ")";
        List<HlsViewer.Cue> found = cues.stream().filter(cue -> cue.text().contains(said)).toList();
        assertThat(found).as(language + " " + said + " among " + cues).hasSize(1);
        assertThat(found.get(0).map())
            .as("X-TIMESTAMP-MAP, against what pictures show")
            .isBetween(offset - MAP_STEP, offset + MAP_STEP);
        double error = error(found.get(0).start(), beeps, begins);
        assertThat(error)
            .as("%s %s at %.3f, slot from %.3f on", language, said, found.get(0).start(), begins)
            .isLessThan(STEP);
        assertThat(viewer.dateError(found.get(0)))
            .as("date of the segment that has %s, against the media's", said)
            .isBetween(-STEP, STEP);
        worst = Math.max(worst, error);
        worstDate = Math.max(worstDate, Math.abs(viewer.dateError(found.get(0))));
        checked++;
      }
    }
    Report.measured(
        "captions, " + viewer.kind(),
        "%d cues, at most %.3f s from their sound, dates at most %.3f s off"
            .formatted(checked, worst, worstDate));
    assertThat(checked).as("cues checked").isGreaterThanOrEqualTo(2 * (SLOTS - 1));
  }

  /**
   * By how much a cue begins before or after the first sound of its slot, seconds: a beep, or the
   * end of a word that began in the slot before, if that word is long enough.
   */
  private static double error(double cue, List<Beep> beeps, double begins) {
    double error = Double.MAX_VALUE;
    for (Beep beep : beeps) {
      double onset = beep.onsetUs() / 1e6;
      if (onset + BEEP_SECONDS > begins) {
        return Math.min(error, Math.abs(cue - Math.max(onset, begins)));
      }
      if (onset + WORD_END_SECONDS > begins) {
        error = Math.abs(cue - begins);
      }
    }
    throw new AssertionError("nothing is heard from " + begins + " on");
  }

  /** By how much the pictures' times are later than the same ones' over RTMP, seconds. */
  private static double offset(Tap rtmp, Tap hls) {
    Map<String, Long> output = new HashMap<>();
    rtmp.video().forEach(seen -> output.put(seen.slicesSha256(), seen.ptsUs()));
    List<Long> offsets = new ArrayList<>();
    for (Tap.Seen seen : hls.video()) {
      Long pts = output.get(seen.slicesSha256());
      if (pts != null) {
        offsets.add(seen.ptsUs() - pts);
      }
    }
    assertThat(offsets.size()).as("pictures that both have").isGreaterThan(60);
    TreeSet<Long> sorted = new TreeSet<>(offsets);
    // Milliseconds in FLV, ticks of 90 kHz here.
    assertThat(sorted.last() - sorted.first()).as("jitter, microseconds").isLessThan(3000);
    LongStream all = offsets.stream().mapToLong(Long::longValue);
    return all.average().orElseThrow() / 1e6;
  }
}
