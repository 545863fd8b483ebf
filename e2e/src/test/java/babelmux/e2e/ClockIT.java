package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.origin.EmbeddedOrigin;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source's clock may do, side by side on one running system. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int SECONDS = 14;

  /** A reader that joins on a busy machine misses what was before. */
  private static final int JOINED = 3;

  /** MediaMTX ends its readers' connections when times fall; other servers do not. */
  private static final Set<String> FALLING = Set.of("over-24", "over-31", "over-32", "back");

  private static final long FRAME_US = 1024L * 1_000_000 / 44_100;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Map<String, Future<Seen>> streams = new HashMap<>();
  private Path folder;
  private Running running;
  private List<FlvTag> tags;
  private Recording source;

  /** What a viewer recorded, the packets that left, the status at the end. */
  private record Seen(Recording recording, Tap out, JsonNode status) {}

  /** What a publisher does with its connection. */
  private interface Publishing {
    void on(RawPublisher publisher, String path) throws Exception;
  }

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(ClockIT.class);
    Path film = Films.small(folder.resolve("film.flv"), SECONDS);
    tags = FlvTag.read(film);
    source = Meter.read(film);
    running = Running.start(StsEchoConfig.builder(), Map.of("source.grace", "15s"));
    start("past-24", shifted((1L << 24) - 7_000, 32));
    start("over-24", shifted((1L << 24) - 7_000, 24));
    start("past-31", shifted((1L << 31) - 7_000, 32));
    start("over-31", shifted((1L << 31) - 7_000, 31));
    start("over-32", shifted((1L << 32) - 7_000, 32));
    start("forward", at -> at < 7_000 ? 3_000 + at : 3_600_000 + at);
    start("back", at -> at < 7_000 ? 3_600_000 + at : 3_000 + at);
    start("stall-2", (publisher, path) -> stall(publisher, 2));
    start("stall-5", (publisher, path) -> stall(publisher, 5));
    start("gap-9", (publisher, path) -> gap(publisher, 9));
    start("reset-2", (publisher, path) -> reset(publisher, path, 2));
    start("reset-5", (publisher, path) -> reset(publisher, path, 5));
    start("reset-10", (publisher, path) -> reset(publisher, path, 10));
    start("kick", this::kick);
  }

  private static LongUnaryOperator shifted(long millis, int bits) {
    return at -> (millis + at) & ((1L << bits) - 1);
  }

  private void start(String id, LongUnaryOperator stamp) {
    start(id, (publisher, path) -> publisher.play(tags, System.nanoTime(), stamp));
  }

  private void start(String id, Publishing publishing) {
    streams.put(id, pool.submit(() -> seen(id, publishing)));
  }

  private Seen seen(String id, Publishing publishing) throws Exception {
    String path = "live/" + id + "/in";
    CompletableFuture<Tap> out = Tap.start(running, "live/" + id + "/out", pool);
    Path file = folder.resolve(id + ".flv");
    Future<Boolean> recorded = pool.submit(() -> record(id, file));
    URI server = running.stack().server().rtmpUrl();
    if (FALLING.contains(id) && running.stack().server() instanceof EmbeddedOrigin origin) {
      origin.faults().keepReaders(path, true);
    }
    try (RawPublisher publisher = RawPublisher.connect(server, path)) {
      publishing.on(publisher, path);
    }
    Running.await(
        "the end is seen",
        LIMIT,
        () -> running.stream(id).path("flags").path("sourceLost").asBoolean());
    running.drain(id);
    JsonNode status = running.awaitOver(id);
    assertThat(recorded.get()).as("the viewer's end").isTrue();
    return new Seen(Meter.read(file), out.get(), status);
  }

  private boolean record(String id, Path file) throws Exception {
    running.awaitListed("live/" + id + "/out", Duration.ofSeconds(40));
    try (MediaTask viewer = StreamRecorder.record(running.stack().outputUrl(id), file)) {
      return viewer.await(Duration.ofSeconds(90));
    }
  }

  /** Sends nothing for some seconds in the middle, and then all of it at once. */
  private void stall(RawPublisher publisher, long seconds) throws Exception {
    List<FlvTag> before = tags.stream().filter(tag -> tag.millis() < 7_000).toList();
    List<FlvTag> after = tags.stream().filter(tag -> tag.millis() >= 7_000).toList();
    long start = System.nanoTime();
    publisher.play(before, start, at -> 3_000 + at);
    TimeUnit.SECONDS.sleep(seconds); // the stall itself
    publisher.play(after, start, at -> 3_000 + at);
  }

  /** Sends nothing for some seconds; what would have been sent is lost. */
  private void gap(RawPublisher publisher, long seconds) throws Exception {
    List<FlvTag> before = tags.stream().filter(tag -> tag.millis() < 7_000).toList();
    List<FlvTag> after = tags.stream().filter(tag -> tag.millis() >= 7_000).toList();
    long start = System.nanoTime();
    publisher.play(before, start, at -> 3_000 + at);
    long later = TimeUnit.SECONDS.toMillis(seconds);
    publisher.play(after, start + later * 1_000_000, at -> 3_000 + at + later);
  }

  /** The server ends the worker's connection while the publisher goes on. */
  private void kick(RawPublisher publisher, String path) throws Exception {
    Future<Void> kicked =
        pool.submit(
            () -> {
              running.awaitState("kick", "BUFFERING", LIMIT);
              TimeUnit.SECONDS.sleep(5); // in the middle of the clip, and not at its start
              running.kickReaders(path);
              return null;
            });
    publisher.play(tags, System.nanoTime(), at -> 3_000 + at);
    kicked.get();
  }

  /** Goes away in the middle and comes back with new times, as an encoder does. */
  private void reset(RawPublisher publisher, String path, long seconds) throws Exception {
    List<FlvTag> before = tags.stream().filter(tag -> tag.millis() < 7_000).toList();
    List<FlvTag> after =
        tags.stream().filter(tag -> tag.isHeader() || tag.millis() >= 7_000).toList();
    publisher.play(before, System.nanoTime(), at -> 3_000 + at);
    publisher.close();
    TimeUnit.SECONDS.sleep(seconds); // so long nobody publishes
    URI server = running.stack().server().rtmpUrl();
    try (RawPublisher again = RawPublisher.connect(server, path)) {
      long start = System.nanoTime() - TimeUnit.SECONDS.toNanos(7);
      again.play(after, start, at -> 3_000 + at - 7_000);
    }
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  private Seen seen(String id) throws Exception {
    Assumptions.assumeTrue(
        Servers.currentIsEmbedded() || !FALLING.contains(id), "MediaMTX ends its readers then");
    Seen seen = Objects.requireNonNull(streams.get(id)).get();
    Report.measured("clock " + id, seen.status().path("segments"));
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"past-24", "over-24", "past-31", "over-31", "over-32"})
  void atABoundaryOfTheFieldTheOutputGoesOn(String id) throws Exception {
    Seen seen = seen(id);
    isWhole(id, seen);
    assertThat(seen.status().path("segments").path("dubbed").asInt()).isBetween(2, 3);
    assertThat(seen.status().path("segments").path("fallback")).isEmpty();
  }

  private static List<Integer> seconds(AvReport report) {
    return report.pairs().stream().map(AvReport.Pair::second).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "back"})
  void aJumpOfAnHourIsNotSeen(String id) throws Exception {
    Seen seen = seen(id);
    AvReport report = AvReport.of(source, seen.recording());
    onOneConnection(seen);
    assertThat(report.frameFaults()).isZero();
    assertThat(seconds(report)).containsAll(IntStream.range(JOINED, SECONDS).boxed().toList());
    assertThat(report.addedAv().maxUs()).isLessThan(FRAME_US);
    assertThat(report.flashOffsets().spreadUs()).as("moved").isLessThanOrEqualTo(2_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stall-2", "stall-5"})
  void whatWasHeldUpAndComesInTimeLeavesAsIfItHadNotBeen(String id) throws Exception {
    Seen seen = seen(id);
    isWhole(id, seen);
    // What was complete too late for the service leaves in the original.
    for (String reason : List.of("error", "overload", "invalid_output", "disconnected")) {
      assertThat(seen.status().path("segments").path("fallback").has(reason)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void aShortAbsenceIsAJumpOfTheOutputsTimes(int away) throws Exception {
    Seen seen = seen("reset-" + away);
    AvReport report = AvReport.of(source, seen.recording());
    onOneConnection(seen);
    assertThat(report.addedAv().maxUs()).isLessThan(FRAME_US);
    assertThat(seconds(report)).contains(3, 4, 5, 10, 11, 12, 13);
    // Nothing is played over the absence: sound and picture jump by the same.
    Recording.Audio audio = Objects.requireNonNull(seen.recording().audio());
    Report.measured("clock reset-" + away + ": gaps of the sound", audio.gaps());
    Report.measured(
        "clock reset-" + away + ": step of the picture (us)",
        Objects.requireNonNull(seen.recording().video()).largestStepUs());
    assertThat(audio.gaps()).hasSize(1);
    long awayUs = away * 1_000_000L;
    assertThat(audio.gaps().get(0).lengthUs()).isBetween(awayUs - 200_000, awayUs + 3_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset-10", "gap-9"})
  void aLongAbsenceIsSilenceOnTheSameConnection(String id) throws Exception {
    Seen seen = seen(id);
    AvReport report = AvReport.of(source, seen.recording());
    onOneConnection(seen);
    Recording.Audio audio = Objects.requireNonNull(seen.recording().audio());
    Recording.Video video = Objects.requireNonNull(seen.recording().video());
    Report.measured("clock " + id + ": step of the picture (us)", video.largestStepUs());
    Report.measured("clock " + id + ": gaps of the sound", audio.gaps());
    // From when the line ran dry until the source was back, nothing was sent: that is jumped over.
    assertThat(audio.gaps()).hasSizeLessThanOrEqualTo(1);
    assertThat(audio.gaps()).allSatisfy(gap -> assertThat(gap.lengthUs()).isLessThan(8_000_000L));
    assertThat(video.largestStepUs()).isBetween(8_500_000L, 14_000_000L);
    assertThat(report.addedAv().maxUs()).isLessThan(FRAME_US);
    assertThat(seconds(report)).contains(3, 4, 5, 10, 11, 12, 13);
    // MediaMTX gives up on a publisher that sends nothing for 10 s.
    assertThat(longestSilence(seen.out())).isLessThan(9_500_000_000L);
  }

  private static long longestSilence(Tap tap) {
    List<Tap.Seen> packets = tap.packets();
    long longest = 0;
    for (int n = 1; n < packets.size(); n++) {
      longest =
          Math.max(longest, packets.get(n).arrivalNanos() - packets.get(n - 1).arrivalNanos());
    }
    return longest;
  }

  @Test
  void aConnectionThatIsLostMovesNothing() throws Exception {
    Seen seen = seen("kick");
    AvReport report = AvReport.of(source, seen.recording());
    onOneConnection(seen);
    Report.measured("clock kick: spread of flashes (us)", report.flashOffsets().spreadUs());
    assertThat(seconds(report)).contains(3, 12, 13);
    assertThat(report.pairs().size()).isGreaterThanOrEqualTo(8);
    assertThat(report.addedAv().maxUs()).isLessThan(FRAME_US);
    assertThat(report.flashOffsets().spreadUs()).as("moved").isLessThanOrEqualTo(2_000);
  }

  /** Nothing missing, nothing twice, nothing moved, on one connection. */
  private void isWhole(String id, Seen seen) {
    AvReport report = AvReport.of(source, seen.recording());
    Recording.Audio audio = Objects.requireNonNull(seen.recording().audio());
    Report.measured(
        "clock " + id + ": added A/V max, spread of flashes (us)",
        report.addedAv().maxUs() + ", " + report.flashOffsets().spreadUs());
    assertThat(seen.status().path("state").asText()).isEqualTo("ENDED");
    onOneConnection(seen);
    assertThat(report.frameFaults()).isZero();
    assertThat(seconds(report)).containsAll(IntStream.range(JOINED, SECONDS).boxed().toList());
    assertThat(report.addedAv().maxUs()).isLessThan(FRAME_US);
    assertThat(report.flashOffsets().spreadUs()).as("moved").isLessThanOrEqualTo(2_000);
    assertThat(audio.gaps()).isEmpty();
  }

  private static void onOneConnection(Seen seen) {
    assertThat(seen.status().path("destinations").get(0).path("reconnects").asInt()).isZero();
    for (List<Tap.Seen> track : List.of(seen.out().video(), seen.out().sound())) {
      for (int n = 1; n < track.size(); n++) {
        assertThat(track.get(n).dtsUs()).isGreaterThan(track.get(n - 1).dtsUs());
      }
    }
  }
}
