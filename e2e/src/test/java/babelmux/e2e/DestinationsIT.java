package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * One stream that is sent to four destinations beside its output: a healthy one of the settings,
 * and by the API one that is reset every 7 s, one that takes nothing any more, and one that comes
 * and goes while the stream is on air.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DestinationsIT {
  private static final String ID = "many";
  private static final String KEY = "abcd-secret-key";
  private static final String PATH = "/v1/streams/" + ID + "/destinations";
  private static final int SECONDS = 27;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long MAX_QUEUE_MS = 2_500;
  private static final long MAX_DOWN_MS = 15_000;
  private static final long SLACK_MS = 2_000;
  private static final long RESET_MS = 7_000;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Running running;
  private FaultProxy flapping;
  private FaultProxy hole;
  private Path folder;
  private Path film;
  private Future<Seen> seen;
  private final List<Tap> flaps = new CopyOnWriteArrayList<>();

  /**
   * What came of it.
   *
   * @param posted the API's answers
   * @param late of the destination that came and went
   * @param downMs from the last byte that the black hole took until it was said to be down
   * @param queueMs the longest of its queue
   * @param said all that the API and the metrics said of the stream
   */
  private record Seen(
      OnAir out,
      Tap side,
      Tap late,
      List<Integer> posted,
      JsonNode holeStatus,
      long downMs,
      long queueMs,
      String said,
      double droppedByHole,
      double droppedByOut) {}

  @BeforeAll
  void start() throws Exception {
    folder = Films.folder(DestinationsIT.class);
    film = Films.cut(Films.noBframes(), folder.resolve("film.flv"), SECONDS);
    running =
        Running.start(
            StsEchoConfig.builder(),
            Map.of(
                "output.destinations",
                "side={rtmp-url}/side/{id} spare={rtmp-url}/spare/{id}",
                "output.destinations-allow",
                "127.0.0.1"));
    URI server = running.stack().server().rtmpUrl();
    flapping = FaultProxy.to(server);
    hole = FaultProxy.to(server);
    seen = pool.submit(this::play);
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
    flapping.close();
    hole.close();
  }

  private int post(String name, String url) throws InterruptedException {
    return running.post(PATH, Map.of("name", name, "url", url));
  }

  private static JsonNode destination(JsonNode stream, String name) {
    for (JsonNode destination : stream.path("destinations")) {
      if (destination.path("name").asText().equals(name)) {
        return destination;
      }
    }
    return stream.path("none");
  }

  private JsonNode now(String name) throws InterruptedException {
    return destination(running.stream(ID), name);
  }

  private void await(String name, String state) {
    Running.await(
        name + " is " + state, LIMIT, () -> now(name).path("state").asText().equals(state));
  }

  private Seen play() throws Exception {
    Path sound = folder.resolve("sound.flv");
    CpuOfOthers others = CpuOfOthers.start();
    CompletableFuture<Tap> out = Tap.start(running, "live/" + ID + "/out", pool, sound);
    CompletableFuture<Tap> side = Tap.start(running, "side/" + ID, pool);
    String input = running.stack().inputUrl(ID) + "?to=side";
    try (MediaTask publisher = StreamPublisher.publish(film, input, 3)) {
      running.awaitState(ID, "BUFFERING", LIMIT);
      List<Integer> posted = new ArrayList<>();
      posted.add(post("flap", flapping.url() + "/flap/" + KEY));
      posted.add(post("hole", hole.url() + "/hole/" + KEY));
      posted.add(post("hole", hole.url() + "/hole/another"));
      posted.add(post("file", "file:///tmp/film.mp4"));
      posted.add(post("far", "rtmp://192.0.2.1/a/b"));
      posted.add(post("out", hole.url() + "/a/b"));
      running.awaitState(ID, "LIVE", LIMIT);
      Future<?> flaps = pool.submit(this::flap);
      await("hole", "up");
      hole.stall(Direction.TO_SERVER, true);
      String lateUrl = running.stack().server().rtmpUrl() + "/late/" + KEY;
      CompletableFuture<Tap> late = Tap.start(running, "late/" + KEY, pool);
      posted.add(post("late", lateUrl));
      Hole looked = watchHole();
      String said = Web.text(running.url("/v1/streams")) + Web.text(running.url("/metrics"));
      posted.add(running.delete(PATH + "/late"));
      posted.add(running.delete(PATH + "/late"));
      Running.await("late is gone", LIMIT, () -> now("late").isMissingNode());
      publisher.await(Duration.ofSeconds(90));
      JsonNode status = running.awaitOver(ID);
      flaps.get(30, TimeUnit.SECONDS);
      return new Seen(
          new OnAir(ID, film, out.get(), sound, status, others.sinceStartUs()),
          side.get(),
          late.get(),
          posted,
          looked.status(),
          looked.downMs(),
          looked.queueMs(),
          said,
          running.metric("worker_destination_dropped_packets_total", ID, "destination=\"hole\""),
          running.metric("worker_packets_dropped_total", ID, "reason=\"destination\""));
    }
  }

  private record Hole(JsonNode status, long downMs, long queueMs) {}

  /** Until it is down. */
  private Hole watchHole() throws InterruptedException {
    long bytes = -1;
    long takenNanos = System.nanoTime();
    long queueMs = 0;
    while (true) {
      JsonNode status = now("hole");
      long nanos = System.nanoTime();
      if (status.path("bytes").asLong() != bytes) {
        bytes = status.path("bytes").asLong();
        takenNanos = nanos;
      }
      queueMs = Math.max(queueMs, (long) (status.path("queueSeconds").asDouble() * 1000));
      if (!status.path("state").asText().equals("up") || nanos - takenNanos > LIMIT.toNanos()) {
        return new Hole(status, (nanos - takenNanos) / 1_000_000, queueMs);
      }
      Thread.sleep(100);
    }
  }

  /** Resets the connection again and again, and reads what comes of each. */
  private void flap() {
    String path = "flap/" + KEY;
    String url = running.stack().server().rtmpUrl() + "/" + path;
    pool.execute(
        () -> {
          while (!pool.isShutdown()) {
            try {
              running.awaitListed(path, LIMIT);
              flaps.add(Tap.of(url));
            } catch (RuntimeException e) {
              // Reset before a packet came, or all is over.
            }
          }
        });
    try {
      while (running.stream(ID).path("state").asText().equals("LIVE")) {
        Thread.sleep(RESET_MS);
        flapping.reset();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> pictures(Tap tap) {
    return tap.video().stream().map(Tap.Seen::slicesSha256).toList();
  }

  private Seen seen() throws Exception {
    return seen.get(150, TimeUnit.SECONDS);
  }

  @Test
  void theOutputAndTheHealthyOneAreUntouched() throws Exception {
    Seen all = seen();
    OnAir.Picture picture = all.out().picture();
    Report.measured("output beside a black hole: picture", picture);
    assertThat(picture.lost()).isZero();
    assertThat(picture.after()).isZero();
    assertThat(picture.jitterUs()).isLessThan(SLACK_MS * 1000 + all.out().othersUs());
    assertThat(all.droppedByOut()).isZero();
    List<String> whole = pictures(Tap.of(film.toString()));
    List<String> side = pictures(all.side());
    assertThat(side).isEqualTo(whole.subList(whole.size() - side.size(), whole.size()));
    // A viewer joins at a keyframe: the first one may have passed.
    assertThat(side.size()).isGreaterThan(whole.size() - 90);
    Report.measured("healthy destination: added latency (ms, p50)", latencyMs(all));
    assertThat(latencyMs(all)).isLessThan(2_000);
  }

  /** From a picture's arrival on the output to its arrival here, the middle one of all. */
  private static long latencyMs(Seen all) {
    List<Tap.Seen> out = all.out().out().video();
    List<Tap.Seen> side = all.side().video();
    int count = Math.min(out.size(), side.size());
    List<Long> millis = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      millis.add(
          (side.get(side.size() - n).arrivalNanos() - out.get(out.size() - n).arrivalNanos())
              / 1_000_000);
    }
    millis.sort(null);
    return millis.get(count / 2);
  }

  @Test
  void aBlackHoleIsDownInTimeAndItsQueueBounded() throws Exception {
    Seen all = seen();
    Report.measured("black hole: down after the last byte (ms)", all.downMs());
    Report.measured("black hole: longest queue (ms)", all.queueMs());
    assertThat(all.holeStatus().path("state").asText()).isEqualTo("down");
    assertThat(all.holeStatus().path("lastError").asText()).startsWith("network: ");
    assertThat(all.downMs()).isLessThan(MAX_DOWN_MS + SLACK_MS);
    assertThat(all.queueMs()).isLessThan(MAX_QUEUE_MS);
    assertThat(all.droppedByHole()).isPositive();
  }

  @Test
  void oneThatIsResetAgainAndAgainGetsWholeGopsAlone() throws Exception {
    seen();
    List<Tap.Seen> whole = Tap.of(film.toString()).video();
    int pictures = 0;
    for (Tap tap : flaps) {
      int last = -1;
      for (Tap.Seen picture : tap.video()) {
        last = next(whole, last, picture);
        pictures++;
      }
    }
    Report.measured(
        "destination that is reset every 7 s: connections, pictures",
        flaps.size() + ", " + pictures);
    assertThat(flaps.size()).isGreaterThanOrEqualTo(2);
    assertThat(pictures).isGreaterThan(whole.size() / 3);
  }

  /** The place of a picture that follows another one, or is a keyframe. */
  private static int next(List<Tap.Seen> whole, int last, Tap.Seen picture) {
    if (last >= 0 && last + 1 < whole.size() && isSame(whole.get(last + 1), picture)) {
      return last + 1;
    }
    assertThat(picture.key()).as("keyframe behind picture %d", last).isTrue();
    for (int at = last + 1; at < whole.size(); at++) {
      if (whole.get(at).key() && isSame(whole.get(at), picture)) {
        return at;
      }
    }
    throw new AssertionError("a keyframe that was not published, behind picture " + last);
  }

  private static boolean isSame(Tap.Seen one, Tap.Seen other) {
    return one.slicesSha256().equals(other.slicesSha256());
  }

  @Test
  void oneThatComesLateBeginsAtAKeyframeAndEndsWhenItIsTold() throws Exception {
    Seen all = seen();
    List<String> whole = pictures(Tap.of(film.toString()));
    List<String> late = pictures(all.late());
    assertThat(all.late().video().get(0).key()).isTrue();
    int begin = whole.indexOf(late.get(0));
    assertThat(late).isEqualTo(whole.subList(begin, begin + late.size()));
    assertThat(begin + late.size()).isLessThan(whole.size());
  }

  @Test
  void theApiTakesAndRefusesByItsRules() throws Exception {
    assertThat(seen().posted()).containsExactly(201, 201, 409, 403, 403, 422, 201, 202, 404);
    assertThat(post("again", hole.url() + "/a/b")).isEqualTo(409);
    assertThat(
            running.post(
                "/v1/streams/none/destinations",
                Map.of("name", "a", "url", "rtmp://127.0.0.1/a/b")))
        .isEqualTo(404);
  }

  @Test
  void noStreamKeyIsShownAndOnlyWhatThePublisherChoseIsUsed() throws Exception {
    Seen all = seen();
    assertThat(all.said()).doesNotContain(KEY).contains("destination=\"flap\"");
    assertThat(destination(all.out().status(), "side").isMissingNode()).isFalse();
    assertThat(destination(all.out().status(), "spare").isMissingNode()).isTrue();
  }
}
