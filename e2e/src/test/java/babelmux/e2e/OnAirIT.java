package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.AvReport;
import babelmux.meter.DriftReport;
import babelmux.meter.LiveCapture;
import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.meter.Slices;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The quality of what a viewer gets on {@code /out}, on the embedded origin and, where it is found,
 * on MediaMTX: readers of input and output decode and compare each mark while the stream goes on.
 */
@Order(3)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnAirIT {
  private static final long P95_US = 10_000;
  private static final long AAC_FRAME_US = 21_334;
  private static final long FRAME_US = 33_334;
  private static final double DELAY_MS = 10_000;
  private static final Duration LISTED = Duration.ofSeconds(40);

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Running> systems = new ArrayList<>();
  private final Map<String, Future<Seen>> streams = new LinkedHashMap<>();
  private Path folder;
  private QualityTable table;

  /** A stream as its readers saw it, and the worker's status at its end. */
  private record Seen(
      LiveCapture in, LiveCapture out, Path recording, JsonNode status, long othersUs) {}

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(OnAirIT.class).toAbsolutePath();
    table =
        new QualityTable(
            folder.resolve("on-air.md"),
            "server and stream",
            "pairs",
            "added A/V error p50, ms",
            "p95, ms",
            "max, ms",
            "samples missing",
            "flashes apart, ms",
            "delay on the clock min, ms",
            "p50, ms",
            "max, ms");
    on("embedded origin", Servers.EMBEDDED);
    Optional<Path> mediaMtx = Servers.mediaMtx();
    if (mediaMtx.isPresent()) {
      // Six streams at once, each with two readers that decode, are too many for two cores.
      awaitAll();
      on("MediaMTX", mediaMtx.get().toString());
    }
  }

  private void awaitAll() throws InterruptedException {
    for (Future<Seen> stream : streams.values()) {
      try {
        stream.get();
      } catch (ExecutionException e) {
        // The stream's own test says so.
      }
    }
  }

  private void on(String name, String server) throws Exception {
    FaultPlan plan =
        FaultPlan.parse(
            "rules: [{stream: alternating, fragment: every 2, do: fail, code: MODEL_ERROR,"
                + " retryable: false}]");
    Running plain =
        Running.startOn(server, StsEchoConfig.builder().faults(plan), Map.of("delay", "10s"));
    systems.add(plain);
    for (String id : List.of("echo", "alternating")) {
      streams.put(name + ", " + id, pool.submit(() -> watch(plain, name + "-" + id, id)));
    }
    Running bed =
        Running.startOn(
            server,
            StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES),
            Map.of("delay", "10s", "bed.enabled", "true"));
    systems.add(bed);
    streams.put(name + ", bed", pool.submit(() -> watch(bed, name + "-bed", "bed")));
  }

  private Seen watch(Running running, String file, String id) throws Exception {
    CpuOfOthers others = CpuOfOthers.start();
    Path recording = folder.resolve(file.replace(' ', '-') + ".flv");
    try (MediaTask publisher = running.publish(id, Films.counting())) {
      running.awaitListed("live/" + id + "/in", LISTED);
      Future<LiveCapture> in = pool.submit(() -> Meter.follow(running.stack().inputUrl(id)));
      running.awaitListed("live/" + id + "/out", LISTED);
      String url = running.stack().outputUrl(id);
      Future<LiveCapture> out = pool.submit(() -> Meter.follow(url));
      try (MediaTask viewer = StreamRecorder.record(url, recording)) {
        JsonNode status = running.awaitOver(id);
        assertThat(viewer.await(Duration.ofSeconds(15))).as("the viewer's end").isTrue();
        assertThat(publisher.said()).isEmpty();
        return new Seen(
            in.get(30, TimeUnit.SECONDS),
            out.get(30, TimeUnit.SECONDS),
            recording,
            status,
            others.sinceStartUs());
      }
    }
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    systems.forEach(Running::close);
  }

  @TestFactory
  List<DynamicTest> everyStream() {
    return streams.entrySet().stream()
        .map(
            stream ->
                DynamicTest.dynamicTest(
                    stream.getKey(), () -> check(stream.getKey(), stream.getValue().get())))
        .toList();
  }

  private void check(String name, Seen seen) throws IOException {
    Recording out = seen.out.recording();
    DriftReport course = DriftReport.of(seen.in.recording(), out);
    AvReport.Size added = course.addedAv();
    double[] delays = DriftReport.delaysMs(seen.in, seen.out);
    Arrays.sort(delays);
    table.row(
        name,
        added.count(),
        added.p50Us() / 1e3,
        added.p95Us() / 1e3,
        added.maxUs() / 1e3,
        course.slipSamples(),
        course.flashOffsets().spreadUs() / 1e3,
        delays[0],
        delays[delays.length / 2],
        delays[delays.length - 1]);
    int original = name.contains("alternating") ? 2 : 0;
    // A machine with other work may leave one to the original, and that is no fault of its sound.
    JsonNode segments = seen.status.path("segments");
    int late = segments.path("fallback").path("timeout").asInt();
    assertThat(segments.path("dubbed").asInt() + late).isEqualTo(5 - original);
    assertThat(late).as("late dubs").isLessThan(3);
    // The readers join a moment after the start: the first marks may have gone by.
    assertThat(added.count()).isBetween(25, 30);
    assertThat(added.p95Us()).isLessThanOrEqualTo(P95_US);
    assertThat(added.maxUs()).isLessThanOrEqualTo(AAC_FRAME_US);
    assertThat(course.flashOffsets().spreadUs()).as("flashes apart").isLessThan(FRAME_US);
    assertThat(course.flashesMissing()).isZero();
    assertThat(course.beepsMissing()).isZero();
    assertThat(course.slipSamples()).isBetween(-2L, 2L);
    Recording.Audio audio = Objects.requireNonNull(out.audio());
    assertThat(audio.gaps()).isEmpty();
    double heldMs = delays[delays.length / 2];
    assertThat(heldMs)
        .as("delay on the clock")
        .isCloseTo(DELAY_MS, within(1000.0 + seen.othersUs / 1e3));
    Slices.Comparison picture =
        Slices.read(seen.recording).comparedTo(Slices.read(Films.counting()));
    assertThat(picture.equal()).as("%s", picture).isTrue();
    // A viewer comes late where others take the processors.
    assertThat(picture.matched()).isGreaterThan(850 - (int) (seen.othersUs / FRAME_US));
  }
}
