package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.Sound;
import babelmux.meter.Tones;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.testmedia.ClipMaker;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * An operator takes the dubs of two streams off air and puts them back, at once and at times that
 * are told before, and vetoes one. Both sources are a tone of 1 kHz; the dubs of one are silence,
 * so that each switch is heard, those of the other are the tone, so that none may be.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@Timeout(120)
class BypassIT {
  private static final int RATE = 48_000;
  private static final int SECONDS = 21;
  private static final String TONE = "aevalsrc=0.25*sin(2*PI*1000*t)|0.25*sin(2*PI*1000*t):s=48000";
  private static final String SILENT = "{stream: silent, do: audio, mode: silent}";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Output times: the output begins at 3 s, its second slot at 9 s. */
  private static final long FIRST_MS = 4_500;

  private static final long EVERY_MS = 800;
  private static final int SWITCHES = 10;
  private static final int VETOED = 2;

  private static final JsonMapper JSON = new JsonMapper();
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * A switch.
   *
   * @param outMs its output time
   * @param askedNanos when it was asked for; 0 when its time was told before
   */
  private record Switched(long outMs, long askedNanos) {}

  @Test
  void whatIsTakenOffAirIsOffAirInHalfASecondAndNothingElseIsHeardOfIt() throws Exception {
    Path folder = Films.folder(BypassIT.class).toAbsolutePath();
    Path film = toneFilm(folder.resolve("tone.mp4"));
    ExecutorService pool = Executors.newCachedThreadPool();
    StsEchoConfig.Builder sts =
        StsEchoConfig.builder().faults(FaultPlan.parse("rules: [" + SILENT + "]"));
    CpuOfOthers others = CpuOfOthers.start();
    try (Running running = Running.start(sts, Map.of("delay", "10s"))) {
      CompletableFuture<Tap> silent =
          Tap.start(running, "live/silent/out", pool, folder.resolve("silent.flv"));
      CompletableFuture<Tap> same =
          Tap.start(running, "live/same/out", pool, folder.resolve("same.flv"));
      List<Switched> switched;
      try (MediaTask first = running.publish("silent", film);
          MediaTask second = running.publish("same", film)) {
        switched = operate(running);
        running.awaitOver("silent");
        running.awaitOver("same");
        assertThat(first.said() + second.said()).isEmpty();
      }
      for (String id : List.of("silent", "same")) {
        assertThat(running.metric("worker_audio_fragments_total", id, "processed")).isEqualTo(4);
        assertThat(running.metric("worker_fallback_total", id, "")).isZero();
      }
      assertThat(running.metric("worker_vetoes_total", "silent", "")).isOne();
      assertThat(running.metric("worker_vetoes_total", "same", "")).isZero();
      assertThat(running.metric("worker_bypass_seconds_total", "silent", ""))
          .isCloseTo(bypassedSeconds(switched), within(0.05));
      long othersUs = others.sinceStartUs();
      assertThatEachIsHeard(
          Sound.read(folder.resolve("silent.flv")), silent.get(), switched, othersUs);
      assertThatNothingIsHeard(Sound.read(folder.resolve("same.flv")));
      for (Tap tap : List.of(silent.get(), same.get())) {
        assertThatTimesAreWhole(tap.sound());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** The picture of the counting film with a tone. */
  private static Path toneFilm(Path to) throws Exception {
    ClipMaker.make(
        "-i",
        Films.noBframes().toString(),
        "-f",
        "lavfi",
        "-i",
        TONE + ":d=" + SECONDS,
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "copy",
        "-c:a",
        "aac",
        "-aac_coder",
        "fast",
        "-t",
        Integer.toString(SECONDS),
        to.toString());
    return to;
  }

  private List<Switched> operate(Running running) throws Exception {
    List<Switched> switched = new ArrayList<>();
    for (int n = 0; n < SWITCHES; n++) {
      awaitOutput(running, FIRST_MS + n * EVERY_MS);
      String wish = "{\"bypass\": %b}".formatted(n % 2 == 0);
      long asked = System.nanoTime();
      JsonNode answer = post(running, "silent/bypass", wish, 200);
      switched.add(new Switched(answer.path("sinceMs").asLong(), asked));
      assertThat(answer.path("active").asBoolean()).isEqualTo(n % 2 == 0);
      post(running, "same/bypass", wish, 200);
    }
    JsonNode status = running.stream("silent");
    assertThat(status.path("bypass").path("since").asText()).isNotEmpty();
    JsonNode slot = status.path("slots").path(VETOED);
    assertThat(slot.path("number").asInt()).isEqualTo(VETOED);
    assertThat(slot.path("aired").asBoolean()).isFalse();
    JsonNode vetoed = post(running, "silent/slots/2/veto", "", 200);
    assertThat(vetoed.path("vetoed").asBoolean()).isTrue();
    switched.add(new Switched(slot.path("startMs").asLong(), 0));
    long endMs = slot.path("endMs").asLong();
    switched.add(new Switched(endMs, 0));
    for (long ms : List.of(endMs + 1_000, endMs + 2_500)) {
      boolean on = ms == endMs + 1_000;
      String wish = "{\"bypass\": %b, \"at\": %d}".formatted(on, ms);
      post(running, "silent/bypass", wish, 200);
      post(running, "same/bypass", wish, 200);
      switched.add(new Switched(ms, 0));
    }
    assertThat(post(running, "silent/slots/0/veto", "", 409).path("error").asText())
        .isEqualTo("slot_aired");
    assertThat(post(running, "silent/slots/99/veto", "", 404).path("error").asText())
        .isEqualTo("slot_not_found");
    assertThat(post(running, "nobody/bypass", "{\"bypass\": true}", 404).path("error").asText())
        .isEqualTo("stream_not_found");
    JsonNode far = post(running, "silent/bypass", "{\"bypass\": true, \"at\": 9999999}", 422);
    assertThat(far.path("detail").asText()).startsWith("at: 9999999: expected at most 3600000 ms");
    assertThat(running.stream("silent").path("bypass").path("scheduled")).hasSize(2);
    return switched;
  }

  private static void awaitOutput(Running running, long outMs) {
    Running.await(
        "output time " + outMs,
        LIMIT,
        () -> running.stream("silent").path("outputMs").asLong(Long.MIN_VALUE) >= outMs);
  }

  private JsonNode post(Running running, String path, String body, int status) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(running.url("/v1/streams/" + path)))
            .POST(body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  /** Without the slot that was vetoed. */
  private static double bypassedSeconds(List<Switched> switched) {
    double ms = 0;
    for (int n = 0; n + 1 < switched.size(); n += 2) {
      ms += n == SWITCHES ? 0 : switched.get(n + 1).outMs() - switched.get(n).outMs();
    }
    return ms / 1000;
  }

  private static void assertThatEachIsHeard(
      Sound sound, Tap tap, List<Switched> switched, long othersUs) {
    List<Long> heardUs = changes(sound);
    Report.measured("bypass: changes heard (us)", heardUs);
    assertThat(heardUs).hasSameSizeAs(switched);
    long leastUs = Long.MAX_VALUE;
    long mostUs = Long.MIN_VALUE;
    long slowestUs = 0;
    for (int n = 0; n < switched.size(); n++) {
      Switched each = switched.get(n);
      long apartUs = heardUs.get(n) - each.outMs() * 1000;
      leastUs = Math.min(leastUs, apartUs);
      mostUs = Math.max(mostUs, apartUs);
      if (each.askedNanos() != 0) {
        long us = (arrivalNanos(tap, heardUs.get(n)) - each.askedNanos()) / 1000;
        slowestUs = Math.max(slowestUs, us);
      }
    }
    Report.measured("bypass: from request to viewer, most (us)", slowestUs);
    Report.measured("bypass: where it is heard - where it was to be (us)", leastUs + ".." + mostUs);
    assertThat(mostUs - leastUs).as("each at its output time").isLessThan(15_000);
    assertThat(slowestUs).as("from request to viewer").isBetween(1L, 500_000 + othersUs);
  }

  /** The presentation times at which the tone comes, goes, comes... */
  private static List<Long> changes(Sound sound) {
    float[] samples = sound.mono();
    List<Long> changes = new ArrayList<>();
    boolean loud = false;
    int period = RATE / 1000;
    // The first and the last slot meet the original at their outer ends.
    int edge = RATE / 10;
    for (int at = edge; at + period <= samples.length - edge; at += period) {
      float peak = 0;
      for (int n = at; n < at + period; n++) {
        peak = Math.max(peak, Math.abs(samples[n]));
      }
      // Half of the tone's amplitude: the middle of a fade.
      boolean now = peak > (loud ? 0.11f : 0.14f);
      if (now != loud) {
        loud = now;
        changes.add(sound.timeUs(at));
      }
    }
    return changes;
  }

  private static long arrivalNanos(Tap tap, long ptsUs) {
    long arrival = 0;
    for (Tap.Seen packet : tap.sound()) {
      if (packet.ptsUs() <= ptsUs) {
        arrival = packet.arrivalNanos();
      }
    }
    return arrival;
  }

  private static void assertThatNothingIsHeard(Sound sound) {
    Tones.Purity whole = Tones.of(sound, 0).purity(1000, RATE / 2, sound.length() - RATE / 2);
    Report.measured("bypass: the echoed tone through 12 switches", whole);
    assertThat(whole.thdPlusNoiseDb()).isLessThanOrEqualTo(-50);
    assertThat(whole.largestStep()).isLessThan(1.05);
    assertThat(whole.slipSamples()).isCloseTo(0, within(0.1));
  }

  private static void assertThatTimesAreWhole(List<Tap.Seen> sound) {
    long samples = (sound.size() - 1L) * 1024;
    long us = sound.get(sound.size() - 1).ptsUs() - sound.get(0).ptsUs();
    assertThat(us)
        .as("no sample missing, none too many")
        .isCloseTo(samples * 1_000_000 / RATE, within(2_000L));
  }
}
