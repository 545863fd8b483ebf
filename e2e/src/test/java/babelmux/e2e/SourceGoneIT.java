package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Sources that are away for longer than they are waited for, and one that another publisher takes
 * over, beside one that nothing happens to.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceGoneIT {
  private static final int SECONDS = 12;
  private static final long MIDDLE_MS = 6_000;
  private static final long OFFSET_MS = 3_000;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Running running;
  private URI server;
  private Path film;
  private List<FlvTag> tags;
  private Future<Gone> gone;
  private Future<Replaced> replaced;
  private Future<OnAir> plain;

  /** Two outputs, one after the other; nanoseconds from the publisher's return to the second. */
  private record Gone(Tap before, Tap after, JsonNode ended, long backNanos) {}

  private record Replaced(Tap out, JsonNode status, int sessions) {}

  @BeforeAll
  void publishAll() throws Exception {
    Path folder = Films.folder(SourceGoneIT.class);
    film = Films.cut(Films.noBframes(), folder.resolve("film.flv"), SECONDS);
    tags = FlvTag.read(film);
    running = Running.start(StsEchoConfig.builder(), Map.of("source.grace", "2s"));
    server = running.stack().server().rtmpUrl();
    gone = pool.submit(this::comesBackTooLate);
    replaced = pool.submit(this::isReplaced);
    plain =
        pool.submit(
            () -> OnAir.play(running, "plain", film, folder.resolve("plain-sound.flv"), pool));
  }

  private List<FlvTag> before() {
    return tags.stream().filter(tag -> tag.millis() < MIDDLE_MS).toList();
  }

  private List<FlvTag> after() {
    return tags.stream().filter(tag -> tag.isHeader() || tag.millis() >= MIDDLE_MS).toList();
  }

  /** The second half, with times that start at the first offset again. */
  private void playAfter(RawPublisher publisher) throws Exception {
    long start = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(MIDDLE_MS);
    publisher.play(after(), start, at -> OFFSET_MS + at - MIDDLE_MS);
  }

  private Gone comesBackTooLate() throws Exception {
    String in = "live/gone/in";
    CompletableFuture<Tap> before = Tap.start(running, "live/gone/out", pool);
    try (RawPublisher publisher = RawPublisher.connect(server, in)) {
      publisher.play(before(), System.nanoTime(), at -> OFFSET_MS + at);
    }
    JsonNode ended = running.awaitOver("gone");
    Tap first = before.get(60, TimeUnit.SECONDS);
    long backNanos = System.nanoTime();
    CompletableFuture<Tap> after = Tap.start(running, "live/gone/out", pool);
    try (RawPublisher publisher = RawPublisher.connect(server, in)) {
      playAfter(publisher);
    }
    return new Gone(first, after.get(60, TimeUnit.SECONDS), ended, backNanos);
  }

  private Replaced isReplaced() throws Exception {
    String in = "live/replaced/in";
    CompletableFuture<Tap> out = Tap.start(running, "live/replaced/out", pool);
    try (RawPublisher first = RawPublisher.connect(server, in)) {
      first.play(before(), System.nanoTime(), at -> OFFSET_MS + at);
      try (RawPublisher second = RawPublisher.connect(server, in)) {
        playAfter(second);
      }
    }
    JsonNode status = running.awaitOver("replaced");
    int sessions = 0;
    for (JsonNode stream : running.streams().path("streams")) {
      sessions += stream.path("streamId").asText().equals("replaced") ? 1 : 0;
    }
    Running.await(
        "the second reading is counted",
        Duration.ofSeconds(20),
        () -> running.metric("worker_source_reconnections_total", "replaced", "") == 1);
    return new Replaced(out.get(60, TimeUnit.SECONDS), status, sessions);
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  private static List<String> pictures(List<Tap.Seen> seen) {
    return seen.stream().map(Tap.Seen::slicesSha256).toList();
  }

  @Test
  void aSourceThatIsBackAfterTheGraceHasANewOutputADelayLater() throws Exception {
    Gone seen = gone.get(100, TimeUnit.SECONDS);
    assertThat(seen.ended().path("state").asText()).isEqualTo("ENDED");
    assertThat(seen.ended().at("/destinations/0/reconnects").asInt()).isZero();
    Tap.Seen first = seen.after().packets().get(0);
    long millis = (first.arrivalNanos() - seen.backNanos()) / 1_000_000;
    Report.measured("source back after the grace: new output (ms after the return)", millis);
    // 1 s, and 2 s for a machine that has other work.
    assertThat(millis).isBetween(Running.DELAY.toMillis(), Running.DELAY.toMillis() + 3_000);
    List<String> whole = pictures(Tap.of(film.toString()).video());
    List<String> old = pictures(seen.before().video());
    List<String> next = pictures(seen.after().video());
    int half = (int) MIDDLE_MS * 30 / 1000;
    assertThat(old.get(old.size() - 1)).isEqualTo(whole.get(half - 1));
    assertThat(next.get(next.size() - 1)).isEqualTo(whole.get(whole.size() - 1));
    rises(seen.before());
    rises(seen.after());
  }

  @Test
  void aPublisherThatIsReplacedCostsTheOutputNoConnection() throws Exception {
    Replaced seen = replaced.get(100, TimeUnit.SECONDS);
    assertThat(seen.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(seen.status().at("/destinations/0/reconnects").asInt()).isZero();
    assertThat(seen.sessions()).isEqualTo(1);
    rises(seen.out());
    Report.measured("publisher replaced: gap in the picture (us)", largestStep(seen.out().video()));
    Report.measured("publisher replaced: gap in the sound (us)", largestStep(seen.out().sound()));
    assertThat(largestStep(seen.out().video())).isLessThan(4_000_000);
  }

  @Test
  void aStreamBesideThemIsNotTouched() throws Exception {
    OnAir seen = plain.get(100, TimeUnit.SECONDS);
    OnAir.Picture picture = seen.picture();
    assertThat(picture.lost()).isZero();
    assertThat(picture.after()).isZero();
    assertThat(seen.status().at("/destinations/0/reconnects").asInt()).isZero();
    // A machine that has other work may be too late for the service.
    for (String reason : List.of("error", "invalid_output", "disconnected")) {
      assertThat(seen.status().at("/segments/fallback").has(reason)).as(reason).isFalse();
    }
    assertThat(seen.status().at("/warnings")).isEmpty();
  }

  /** By presentation: servers make decoding times of their own. */
  private static long largestStep(List<Tap.Seen> track) {
    long[] shown = track.stream().mapToLong(Tap.Seen::ptsUs).sorted().toArray();
    long largest = 0;
    for (int n = 1; n < shown.length; n++) {
      largest = Math.max(largest, shown[n] - shown[n - 1]);
    }
    return largest;
  }

  private static void rises(Tap tap) {
    List<List<Tap.Seen>> tracks = new ArrayList<>(List.of(tap.video(), tap.sound()));
    for (List<Tap.Seen> track : tracks) {
      for (int n = 1; n < track.size(); n++) {
        assertThat(track.get(n).dtsUs())
            .as("packet %d of %s", n, Objects.requireNonNull(track.get(n)))
            .isGreaterThan(track.get(n - 1).dtsUs());
      }
    }
  }
}
