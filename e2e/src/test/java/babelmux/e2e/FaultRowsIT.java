package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The fault table's rows 1 to 5: what a viewer sees and hears when the STS misbehaves. Each fault
 * strikes a stream of its own on one running system with the delay of 14.5 s; {@code
 * fault-rows.yaml} says when. The tone in a slot is the number of the fragment that fills it, so "0
 * 1 o 0" is heard when a segment fell back to original audio and the session was then restarted.
 */
@Order(2)
@ResourceLock(Machine.STREAMS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultRowsIT {
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final int SIDE_BY_SIDE = 12;
  private static final long STAGGER_MS = 450;

  /** What a viewer misses who comes 2 s late. */
  private static final int VIEWER_LATE_FRAMES = 60;

  /** Whole milliseconds for each track, on both ways through a server. */
  private static final long APART_US = 4_000;

  /**
   * A server that is very busy ends its readers before they have got all: MediaMTX was seen to, and
   * the origin that does as it does.
   */
  private static final int LEFT_WITH_THE_SERVER = 2;

  private static final String RECONNECTIONS = "worker_reconnection_total";
  private static final Set<String> COUNTERS =
      Set.of(
          "worker_fallback_total",
          "worker_dubs_discarded_total",
          "worker_sts_oddities_total",
          "worker_backpressure_events_total",
          RECONNECTIONS);

  /** Streams and how many segments of 6 s each lasts. */
  private static final Map<String, Integer> STREAMS =
      Map.ofEntries(
          Map.entry("healthy", 15),
          Map.entry("down", 7),
          Map.entry("absent", 5),
          Map.entry("ramp", 9),
          Map.entry("jitter", 5),
          Map.entry("slow", 14),
          Map.entry("hang", 7),
          Map.entry("silent", 8),
          Map.entry("reset", 6),
          Map.entry("trickle", 4),
          Map.entry("drip", 5),
          Map.entry("order", 6),
          Map.entry("forms", 7),
          Map.entry("poison", 7),
          Map.entry("oversize", 6),
          Map.entry("after-end", 3),
          Map.entry("pause", 6),
          Map.entry("storm", 6),
          Map.entry("queue", 5),
          Map.entry("stuck", 12),
          Map.entry("config", 6),
          Map.entry("refused", 2),
          Map.entry("rejected", 9),
          Map.entry("no-ids", 6));

  private final ExecutorService stage = Executors.newFixedThreadPool(SIDE_BY_SIDE);
  private final ExecutorService viewers = Executors.newCachedThreadPool();
  private final Map<String, Future<Watched>> streams = new ConcurrentHashMap<>();
  private Path folder;
  private Running running;
  private Diary diary;
  private SlotEar ear;

  /** What a viewer saw and heard of a stream. */
  private record Watched(OnAir air, OnAir.Picture picture, SlotEar.Heard heard) {}

  @BeforeAll
  void play() throws Exception {
    folder = Films.folder(FaultRowsIT.class);
    Path longest = Films.countingThrice(folder.resolve("film.mp4"));
    ear = SlotEar.knowing(longest);
    FaultPlan plan;
    try (var script = FaultRowsIT.class.getResourceAsStream("/fault-rows.yaml")) {
      plan = FaultPlan.parse(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    running =
        Running.start(
            StsEchoConfig.builder()
                .voice(VoiceKind.TONE)
                .pingInterval(Duration.ofSeconds(1))
                .pingTimeout(Duration.ofSeconds(5))
                .faults(plan),
            Map.of("delay", DELAY.toMillis() + "ms"));
    diary = Diary.open(running);
    List<Map.Entry<String, Integer>> longestFirst =
        STREAMS.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .toList();
    for (Map.Entry<String, Integer> stream : longestFirst) {
      String id = stream.getKey();
      Path film = folder.resolve(id + ".mp4");
      Films.cut(longest, film, 6.0 * stream.getValue());
      streams.put(id, stage.submit(() -> watch(id, film, stream.getValue())));
      // Not all segments are to be cut in the same moment.
      TimeUnit.MILLISECONDS.sleep(STAGGER_MS);
    }
  }

  private Watched watch(String id, Path film, int slots) throws Exception {
    OnAir air = OnAir.play(running, id, film, folder.resolve(id + ".flv"), viewers);
    OnAir.Picture picture = air.picture();
    return new Watched(air, picture, air.listen(ear, running, picture, slots));
  }

  @AfterAll
  void stop() {
    stage.shutdownNow();
    viewers.shutdownNow();
    diary.close();
    running.close();
  }

  /**
   * What holds in every row: the picture is complete, nothing comes later than before by a frame,
   * the slots are filled as expected, each segment was counted once, nothing is left in flight, and
   * the counters tell what was injected.
   *
   * @param slots what is heard, one word a slot
   * @param counted all counters of {@link #COUNTERS} that are not 0
   */
  private void onAir(String id, String slots, Map<String, Integer> counted) throws Exception {
    Watched watched = Objects.requireNonNull(streams.get(id)).get();
    OnAir air = watched.air();
    assertThat(air.status().path("state").asText()).isEqualTo("ENDED");
    OnAir.Picture picture = watched.picture();
    Report.measured("fault rows, " + id + ": picture", picture);
    Report.measured("fault rows, " + id + ": processors that others took (us)", air.othersUs());
    air.assertWhole(picture);
    assertThat(picture.before())
        .as("pictures before the viewer came")
        .isBetween(0, VIEWER_LATE_FRAMES + (int) (air.othersUs() / OnAir.FRAME_US));
    assertThat(picture.after()).as("pictures lost at the end").isBetween(0, LEFT_WITH_THE_SERVER);
    assertThat(metric("worker_packets_sent_total", id, "type=\"video\""))
        .as("pictures that the worker sent, of those that it read")
        .isEqualTo(metric("worker_packets_received_total", id, "type=\"video\""));

    List<String> expected = Arrays.asList(slots.split(" "));
    SlotEar.Heard heard = watched.heard();
    Report.measured("fault rows, " + id + ": slots", String.join(" ", heard.slots()));
    Report.measured("fault rows, " + id + ": original after the picture (us)", heard.lagsUs());
    assertThat(heard.slots()).isEqualTo(expected);
    assertThat(heard.lagsUs()).allMatch(lag -> Math.abs(lag) < APART_US);

    Map<String, Integer> counters = running.counted(id, COUNTERS);
    Report.measured("fault rows, " + id + ": counters", counters);
    assertThat(counters).containsExactlyInAnyOrderEntriesOf(counted);
    int original = (int) expected.stream().filter(SlotEar.ORIGINAL::equals).count();
    assertThat(metric("worker_audio_fragments_total", id, "status=\"fallback\""))
        .isEqualTo(original);
    assertThat(metric("worker_audio_fragments_total", id, "status=\"processed\""))
        .isEqualTo(expected.size() - original);
    assertThat(metric("worker_inflight_fragments", id, "")).isZero();
    assertThat(diary.mostInFlight(id)).isLessThanOrEqualTo(3);
  }

  private int metric(String name, String id, String label) throws InterruptedException {
    return (int) running.metric(name, id, label);
  }

  private void breakerStayedClosed(String id) {
    assertThat(diary.breakers(id)).containsExactly("closed");
  }

  private void breakerOpenedOnceAndClosed(String id) {
    assertThat(diary.breakers(id)).startsWith("closed", "open").endsWith("closed");
  }

  /** The segment being cut when the link is ready is the one whose slot has the first tone. */
  private void ended(String id) throws Exception {
    Objects.requireNonNull(streams.get(id)).get();
  }

  private void readyWhileCutting(String id, int time, int segment) {
    assertThat(diary.cutWhenReady(id).get(time)).isEqualTo(segment);
  }

  private void outage(String id, int time, double fromSeconds, double toSeconds) {
    Duration outage = diary.outages(id).get(time);
    Report.measured("fault rows, " + id + ": reconnecting took", outage);
    assertThat(outage.toMillis() / 1000.0).isBetween(fromSeconds, toSeconds);
  }

  // --- beside all of them ---

  @Test
  @DisplayName("a healthy stream beside all the others is not touched")
  void healthy() throws Exception {
    onAir("healthy", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14", Map.of());
    breakerStayedClosed("healthy");
  }

  // --- row 1 ---

  @Test
  @DisplayName("row 1: down for 14 s (2 + 4 + 8) in the middle")
  void down() throws Exception {
    onAir("down", "0 o o o 0 1 2", Map.of("disconnected", 3, RECONNECTIONS, 3));
    outage("down", 0, 13.5, 17);
    readyWhileCutting("down", 1, 4);
    breakerStayedClosed("down");
  }

  @Test
  @DisplayName("row 1: down at the start")
  void absent() throws Exception {
    onAir("absent", "o o 0 1 2", Map.of("disconnected", 2, RECONNECTIONS, 3));
    outage("absent", 0, 13.5, 17);
    readyWhileCutting("absent", 0, 2);
    breakerStayedClosed("absent");
  }

  // --- row 2 ---

  @Test
  @DisplayName("row 2: answers after 0, 2, 4, 6, 10, 12 s and at once again")
  void ramp() throws Exception {
    onAir("ramp", "0 1 2 3 o o 6 7 8", Map.of("timeout", 2, "late", 2));
    breakerStayedClosed("ramp");
  }

  @Test
  @DisplayName("row 2: jitter of 500 ms")
  void jitter() throws Exception {
    onAir("jitter", "0 1 2 3 4", Map.of());
  }

  @Test
  @DisplayName("row 2: every answer after 9 s, until the breaker has opened")
  void slow() throws Exception {
    onAir(
        "slow", "o o o o o o o o o o o 6 7 8", Map.of("timeout", 6, "late", 6, "breaker_open", 5));
    breakerOpenedOnceAndClosed("slow");
  }

  // --- row 3 ---

  @Test
  @DisplayName("row 3: nothing comes from the network any more")
  void hang() throws Exception {
    onAir("hang", "0 1 o o 0 1 2", Map.of("disconnected", 2, RECONNECTIONS, 1));
    outage("hang", 0, 1.8, 4);
  }

  @Test
  @DisplayName("row 3: nothing comes from the service any more, its network is fine")
  void silent() throws Exception {
    onAir("silent", "0 1 o o o 0 1 2", Map.of("timeout", 3, "stall", 1));
    breakerStayedClosed("silent");
  }

  @Test
  @DisplayName("row 3: resets, on arrival and in mid-answer")
  void reset() throws Exception {
    ended("reset");
    // The second outage is up to 6 s long: then it may take in the fifth segment's cut, too.
    boolean backInTime = diary.cutWhenReady("reset").get(2) <= 4;
    onAir(
        "reset",
        backInTime ? "0 o 0 o 0 1" : "0 o 0 o o 0",
        Map.of("disconnected", backInTime ? 2 : 3, RECONNECTIONS, 2));
    outage("reset", 0, 1.8, 4);
    outage("reset", 1, 3.8, 6);
  }

  @Test
  @DisplayName("row 3: one byte at a time")
  void trickle() throws Exception {
    onAir("trickle", "0 1 2 3", Map.of());
  }

  @Test
  @DisplayName("row 3: one byte a millisecond, too slow for anything")
  void drip() throws Exception {
    ended("drip");
    // The ping is missed at about the moment at which the answer's time is over.
    boolean late = running.counted("drip", COUNTERS).containsKey("timeout");
    onAir(
        "drip",
        "0 o o 0 1",
        late
            ? Map.of("disconnected", 1, "timeout", 1, RECONNECTIONS, 1)
            : Map.of("disconnected", 2, RECONNECTIONS, 1));
    outage("drip", 0, 1.8, 4);
  }

  // --- row 4 ---

  @Test
  @DisplayName("row 4: twice, for nobody, out of order, mislabelled")
  void order() throws Exception {
    onAir(
        "order",
        "0 1 2 3 4 5",
        Map.of(
            "duplicate", 1,
            "duplicate_answer", 1,
            "unknown", 1,
            "unknown_fragment", 1,
            "mislabelled_answer", 1));
  }

  @Test
  @DisplayName("row 4: duration 0 and x3, other rate and channels, false labels, other containers")
  void forms() throws Exception {
    onAir("forms", "0 1 2 3 4 5 6", Map.of());
  }

  @Test
  @DisplayName("row 4: corrupt M4A, bad base64, null, empty, NaN")
  void poison() throws Exception {
    onAir("poison", "0 o o o o o 6", Map.of("invalid_output", 5));
    breakerStayedClosed("poison");
  }

  @Test
  @DisplayName("row 4: 50 MB")
  void oversize() throws Exception {
    onAir(
        "oversize",
        "0 1 o 0 1 2",
        Map.of("disconnected", 1, "oversize_message", 1, RECONNECTIONS, 1));
  }

  @Test
  @DisplayName("row 4: after stream:end")
  void afterEnd() throws Exception {
    onAir("after-end", "0 1 o", Map.of("timeout", 1, "late", 1, "stray_error", 1));
  }

  // --- row 5 ---

  @Test
  @DisplayName("row 5: pauses that are never released")
  void pause() throws Exception {
    onAir("pause", "0 1 2 3 4 5", Map.of("pause", 6));
  }

  @Test
  @DisplayName("row 5: a storm of slow_down")
  void storm() throws Exception {
    onAir("storm", "0 1 2 3 4 5", Map.of("slow_down", 6 + 5 * 6));
  }

  @Test
  @DisplayName("row 5: QUEUE_FULL, and the same number again")
  void queue() throws Exception {
    onAir("queue", "0 1 2 3 4", Map.of());
    breakerStayedClosed("queue");
  }

  @Test
  @DisplayName("row 5: QUEUE_FULL forever on one number")
  void stuck() throws Exception {
    onAir("stuck", "0 o o o o o o o o 0 1 2", Map.of("error", 1, "overload", 2, "breaker_open", 5));
    breakerOpenedOnceAndClosed("stuck");
  }

  @Test
  @DisplayName("row 5: INVALID_CONFIG for a fragment")
  void config() throws Exception {
    onAir("config", "0 o 0 o 0 1", Map.of("error", 2));
    breakerStayedClosed("config");
  }

  @Test
  @DisplayName("row 5: INVALID_CONFIG for the stream")
  void refused() throws Exception {
    // It is over before it is asked again, 32 s later.
    onAir("refused", "o o", Map.of("error", 2, RECONNECTIONS, 1));
    assertThat(diary.links("refused")).contains("pass_through");
    breakerStayedClosed("refused");
  }

  @Test
  @DisplayName("row 5: what is not retryable does not trip the breaker")
  void rejected() throws Exception {
    onAir("rejected", "0 o o o o o o 1 2", Map.of("error", 6));
    breakerStayedClosed("rejected");
  }

  @Test
  @DisplayName("row 5: error events without ids, about a fragment and about nothing")
  void noIds() throws Exception {
    onAir("no-ids", "0 1 o 2 3 4", Map.of("error", 1, "stray_error", 1));
    breakerStayedClosed("no-ids");
  }
}
