package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.ClipMaker;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every sound and picture that may arrive, live, side by side on one running system. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SoundsIT {
  private static final int SECONDS = 18;
  private static final long CHANGE_MS = 9_000;

  /** A reader that joins on a busy machine misses what was before. */
  private static final int JOINED = 3;

  private static final long OFFSET_MS = 3_000;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Map<String, Future<Seen>> streams = new HashMap<>();
  private Path folder;
  private Running running;
  private Recording source;

  /** What a viewer recorded, and the stream's status at the end. */
  private record Seen(Recording recording, JsonNode status) {}

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(SoundsIT.class);
    Path small = Films.small(folder.resolve("small.flv"), SECONDS);
    source = Meter.read(small);
    List<FlvTag> aac = film(small, "aac", "-c:a", "copy");
    List<FlvTag> mp3 = film(small, "mp3", "-c:a", "libmp3lame");
    List<FlvTag> opus = film(small, "opus", "-c:a", "libopus");
    List<FlvTag> mono = film(small, "mono", "-c:a", "aac", "-ac", "1", "-ar", "22050");
    running = Running.start(StsEchoConfig.builder(), Map.of("delay", "12s"));
    start("mp3", mp3);
    start("opus", opus);
    start("codec", joined(aac, mp3, CHANGE_MS));
    start("layout", joined(aac, mono, CHANGE_MS));
    start("late", without(aac, tag -> tag.isAudio() && tag.millis() < 5_000));
    start("hole", without(aac, tag -> tag.isAudio() && isWithin(tag, 4_000, 14_000)));
    start("dark", without(aac, tag -> tag.isVideo() && tag.millis() < 14_000));
  }

  private List<FlvTag> film(Path picture, String name, String... sound) throws Exception {
    Path file = folder.resolve("film-" + name + ".flv");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-i", picture.toString(), "-c:v", "copy"));
    arguments.addAll(List.of(sound));
    // Room for an encoder's priming before time 0.
    arguments.addAll(List.of("-output_ts_offset", "3", file.toString()));
    ClipMaker.make(arguments);
    return FlvTag.read(file).stream().map(tag -> tag.at(tag.millis() - OFFSET_MS)).toList();
  }

  private static boolean isWithin(FlvTag tag, long from, long to) {
    return tag.millis() >= from && tag.millis() < to;
  }

  private static List<FlvTag> without(List<FlvTag> film, Predicate<FlvTag> unwanted) {
    return film.stream().filter(tag -> tag.isHeader() || !unwanted.test(tag)).toList();
  }

  /** The sound of another film, headers first, from a moment on. */
  private static List<FlvTag> joined(List<FlvTag> before, List<FlvTag> after, long millis) {
    Stream<FlvTag> kept =
        before.stream().filter(tag -> tag.isHeader() || !tag.isAudio() || tag.millis() < millis);
    Stream<FlvTag> added =
        after.stream()
            .filter(FlvTag::isAudio)
            .filter(tag -> tag.isHeader() || tag.millis() >= millis)
            .map(tag -> tag.isHeader() ? tag.at(millis) : tag);
    return Stream.concat(kept, added).sorted(Comparator.comparingLong(FlvTag::millis)).toList();
  }

  private void start(String id, List<FlvTag> tags) {
    streams.put(id, pool.submit(() -> publish(id, tags)));
  }

  private Seen publish(String id, List<FlvTag> tags) throws Exception {
    Path file = folder.resolve(id + ".flv");
    Future<Boolean> recorded = pool.submit(() -> record(id, file));
    URI server = running.stack().server().rtmpUrl();
    try (RawPublisher publisher = RawPublisher.connect(server, "live/" + id + "/in")) {
      publisher.play(tags, System.nanoTime(), at -> OFFSET_MS + at);
    }
    JsonNode status = running.awaitOver(id);
    assertThat(recorded.get()).as("the viewer's end").isTrue();
    Report.measured(
        "sound " + id + ": packets dropped",
        running.counted(id, Set.of("worker_packets_dropped_total")));
    Report.measured(
        "sound " + id + ": audio packets read",
        running.metric("worker_packets_received_total", id, "type=\"audio\""));
    return new Seen(Meter.read(file), status);
  }

  private boolean record(String id, Path file) throws Exception {
    running.awaitListed("live/" + id + "/out", Duration.ofSeconds(40));
    try (MediaTask viewer = StreamRecorder.record(running.stack().outputUrl(id), file)) {
      return viewer.await(Duration.ofSeconds(90));
    }
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  private Seen seen(String id) throws Exception {
    Seen seen = Objects.requireNonNull(streams.get(id)).get();
    Report.measured("sound " + id, seen.status().path("segments"));
    return seen;
  }

  /** In its place and in sync, on one connection; what the service could do, it did. */
  private AvReport inPlace(String id, Seen seen, int hz, List<Integer> seconds) {
    AvReport report = AvReport.of(source, seen.recording());
    Report.measured(
        "sound %s: added A/V max, spread of flashes (us)".formatted(id),
        report.addedAv().maxUs() + ", " + report.flashOffsets().spreadUs());
    assertThat(seen.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(seen.status().path("destinations").get(0).path("reconnects").asInt()).isZero();
    assertThat(seen.status().path("segments").path("fallback")).isEmpty();
    assertThat(report.pairs().stream().map(AvReport.Pair::second)).containsAll(seconds);
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.addedAv().maxUs()).isLessThan(1024L * 1_000_000 / hz);
    assertThat(report.flashOffsets().spreadUs()).isLessThanOrEqualTo(2_000);
    assertThat(report.beepOffsets().spreadUs()).isLessThan(5_000);
    assertThat(audio(seen).sampleRate()).isEqualTo(hz);
    return report;
  }

  private static Recording.Audio audio(Seen seen) {
    return Objects.requireNonNull(seen.recording().audio());
  }

  private static List<Integer> seconds(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({"mp3, 44100, 2", "opus, 48000, 2"})
  void isDubbedInItsPlace(String id, int hz, int channels) throws Exception {
    Seen seen = seen(id);
    inPlace(id, seen, hz, seconds(JOINED, SECONDS));
    assertThat(audio(seen).channels()).isEqualTo(channels);
    assertThat(audio(seen).gaps()).isEmpty();
    assertThat(seen.status().path("segments").path("dubbed").asInt()).isBetween(2, 3);
  }

  @ParameterizedTest
  @CsvSource({"codec", "layout"})
  void aChangeOnTheWayIsHeardAtOnceOnTheSameConnection(String id) throws Exception {
    Seen seen = seen(id);
    // MediaMTX tells its readers of neither change: what follows cannot be decoded
    // (docs/inputs.md).
    int until = Servers.currentIsEmbedded() ? SECONDS : (int) (CHANGE_MS / 1000);
    AvReport report = inPlace(id, seen, 44_100, seconds(JOINED, until));
    assertThat(audio(seen).gaps()).isEmpty();
    assertThat(report.frameFaults()).isZero();
    assertThat(seen.status().path("segments").path("dubbed").asInt()).isBetween(2, 3);
  }

  @Test
  void soundThatStartsLateStartsWhereItBelongs() throws Exception {
    Seen seen = seen("late");
    AvReport report = inPlace("late", seen, 44_100, seconds(6, SECONDS));
    assertThat(report.frameFaults()).isZero();
    assertThat(seen.status().path("segments").path("dubbed").asInt()).isBetween(2, 3);
  }

  @Test
  void tenSecondsWithoutSoundAreSilent() throws Exception {
    Seen seen = seen("hole");
    AvReport report =
        inPlace(
            "hole",
            seen,
            44_100,
            Stream.concat(seconds(JOINED, 4).stream(), seconds(14, SECONDS).stream()).toList());
    assertThat(report.frameFaults()).isZero();
    assertThat(audio(seen).gaps()).isEmpty();
    // What there was of the first segment, and the four seconds afterwards.
    assertThat(seen.status().path("segments").path("dubbed").asInt()).isEqualTo(2);
  }

  /** The picture comes when the output has long begun: only then is it known that there is one. */
  @Test
  void aPictureThatStartsLateStartsWhereItBelongs() throws Exception {
    Seen seen = seen("dark");
    JsonNode destination = seen.status().path("destinations").get(0);
    Report.measured("sound dark: destination", destination);
    assertThat(seen.status().path("state").asText()).isEqualTo("ENDED");
    // FLV cannot take a further track on the way.
    assertThat(destination.path("reconnects").asInt()).isOne();
    assertThat(seen.status().path("media").path("videoCodec").asText()).isEqualTo("h264");
    assertThat(audio(seen).gaps()).isEmpty();
  }
}
