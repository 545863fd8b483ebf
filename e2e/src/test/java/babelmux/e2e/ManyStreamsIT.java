package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.meter.Slices;
import babelmux.stsecho.StsEchoConfig;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Ten streams that start at the same moment on one running system. */
@Tag(Machine.TIMES)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyStreamsIT {
  private static final double SECONDS = 14.5;
  private static final int FRAGMENTS = 3;
  private static final int STREAMS = 10;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Path folder;
  private Path film;
  private Running running;

  @BeforeAll
  void start() throws Exception {
    folder = Films.folder(ManyStreamsIT.class);
    film = Films.cut(Films.counting(), folder.resolve("film.mp4"), SECONDS);
    // Ten fragments at once reach the stand-in, which shares two cores with everything else. So the
    // delay is long.
    running =
        Running.start(
            StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES), Map.of("delay", "14500ms"));
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  @Test
  void allAreCorrect() throws Exception {
    List<Future<JsonNode>> streams = new ArrayList<>();
    for (int n = 0; n < STREAMS; n++) {
      String id = "ten-" + n;
      streams.add(pool.submit(() -> running.playAndRecord(id, film, recording(id))));
    }
    for (Future<JsonNode> stream : streams) {
      JsonNode status = stream.get();
      String id = status.path("streamId").asText();
      assertThat(status.path("state").asText()).as(id).isEqualTo("ENDED");
      JsonNode segments = status.path("segments");
      assertThat(segments.path("dubbed").asInt()).as(id).isEqualTo(FRAGMENTS);
      assertThat(segments.path("fallback")).as(id).isEmpty();
      assertThat(running.metric("worker_audio_fragments_total", id, "status=\"processed\""))
          .isEqualTo(FRAGMENTS);
    }
    Recording source = Meter.read(film);
    Slices slices = Slices.read(film);
    // Cut in the order of decoding, it lacks a picture near its end.
    long faultsOfTheCut = Objects.requireNonNull(source.video()).faultCount();
    long worstUs = 0;
    for (int n = 0; n < STREAMS; n++) {
      String id = "ten-" + n;
      Recording recording = Meter.read(recording(id));
      AvReport report = AvReport.of(source, recording);
      assertThat(report.pairs().size()).as(id).isGreaterThanOrEqualTo(11);
      assertThat(report.beeps().missing()).as(id).isEmpty();
      assertThat(report.beeps().extra()).as(id).isEmpty();
      assertThat(Films.flashesMissing(report, recording)).as(id).isEmpty();
      // A busy server may end its readers a picture early: then the fault at the end is not seen.
      assertThat(report.frameFaults()).as(id).isBetween(0L, faultsOfTheCut);
      assertThat(report.addedAv().p95Us()).as(id).isLessThan(10_000);
      assertThat(report.addedAv().maxUs()).as(id).isLessThan(21_300);
      assertThat(report.flashOffsets().spreadUs()).as(id).isLessThan(33_000);
      assertThat(Slices.read(recording(id)).comparedTo(slices).equal()).as(id).isTrue();
      worstUs = Math.max(worstUs, report.addedAv().maxUs());
    }
    Report.measured(STREAMS + " streams at once: worst added A/V error (us)", worstUs);
  }

  private Path recording(String id) {
    return folder.resolve(id + ".mp4");
  }
}
