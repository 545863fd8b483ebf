package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Recordings of a worker of its own: the file of one stream becomes too large for the system, as on
 * a full disk, and then the worker is killed with SIGKILL while it records the other one. Linux
 * only, with util-linux's {@code prlimit}.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class RecordingIT {
  private static final String FULL = "recorded-full";
  private static final String KILLED = "recorded-killed";

  /** So long that a dub is in time on a busy machine. */
  private static final Duration DELAY = Duration.ofSeconds(12);

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int FRAMES_PER_SECOND = 30;
  private static final int REORDERED_FRAMES = 4;
  private static final Pattern CUE =
      Pattern.compile(
          "(\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3}) --> (\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3})\\n((?:.+\\n)+)\\n");

  private final ExecutorService pool = Executors.newCachedThreadPool();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  /** A subtitle, seconds of its file. */
  private record Cue(double start, double end, String text) {}

  @Test
  @Timeout(120)
  void aFullDiskStopsOneRecordingAndSigkillLeavesTheOtherOneWhole() throws Exception {
    StsEchoConfig.Builder sts = StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES);
    List<Tap.Seen> viewed;
    try (Served served = Served.start(sts, Map.of(), DELAY, "--record-to", folder.toString())) {
      Running running = served.running();
      try (MediaTask first = running.publish(FULL, Films.counting())) {
        Running.await("a recording has grown", LIMIT, () -> bytes(running, FULL) > 50_000);
        try (MediaTask second = running.publish(KILLED, Films.counting())) {
          Tap viewer = Tap.watch(running, "live/" + KILLED + "/out", pool);
          Running.await("it is on air", LIMIT, () -> seen(viewer) > 3 * FRAMES_PER_SECOND);
          fillTheDisk(served);
          Running.await("it is told", LIMIT, () -> isStopped(running));
          assertStreamGoesOn(running);
          Running.await(
              "its second slot is on air", LIMIT, () -> seen(viewer) > 8 * FRAMES_PER_SECOND);
          served.serve().kill();
          viewed = viewer.video();
          assertThat(first.said() + second.said()).as(served.serve().said()).isNotNull();
        }
      }
    }
    assertIsWholeUpTo(media(KILLED), viewed);
    assertPlays(media(FULL));
    assertWords();
  }

  private static int seen(Tap viewer) {
    return viewer.video().size();
  }

  private static long bytes(Running running, String id) throws InterruptedException {
    return running.stream(id).at("/recording/bytes").asLong();
  }

  /** No file may become larger than the larger one is; the other one has some seconds left. */
  private void fillTheDisk(Served served) throws Exception {
    long limit = Files.size(media(FULL)) + 10_000;
    assertThat(limit).isGreaterThan(Files.size(media(KILLED)) + 200_000);
    int code =
        new ProcessBuilder(
                "prlimit", "--pid", "" + served.serve().pid(), "--fsize=" + limit + ":unlimited")
            .inheritIO()
            .start()
            .waitFor();
    assertThat(code).isZero();
  }

  private static boolean isStopped(Running running) throws InterruptedException {
    return running.stream(FULL).at("/recording/state").asText().equals("stopped");
  }

  private static void assertStreamGoesOn(Running running) throws InterruptedException {
    JsonNode stream = running.stream(FULL);
    assertThat(stream.path("state").asText()).isEqualTo("LIVE");
    assertThat(stream.at("/recording/lastError").asText()).contains("File too large");
    assertThat(running.metric("worker_recording_stopped", FULL, "")).isEqualTo(1);
    assertThat(running.metric("worker_recording_stopped", KILLED, "")).isZero();
    JsonNode ready = Web.json(running.url("/health/ready"));
    assertThat(ready.path("status").asText()).isEqualTo("degraded");
    assertThat(ready.path("degraded").toString()).contains("\"recording\"", "File too large");
    long sent = stream.at("/destinations/0/bytes").asLong();
    Running.await(
        "its output goes on",
        LIMIT,
        () -> running.stream(FULL).at("/destinations/0/bytes").asLong() > sent + 50_000);
    assertThat(running.stream(KILLED).at("/recording/state").asText()).isEqualTo("recording");
  }

  private Path media(String id) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(id))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".mp4")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  /** Whatever a viewer got has been recorded, but for the last two seconds. */
  private static void assertIsWholeUpTo(Path media, List<Tap.Seen> viewed) throws IOException {
    List<String> recorded =
        Tap.of(media.toString()).video().stream().map(Tap.Seen::slicesSha256).toList();
    List<String> film =
        Tap.of(Films.counting().toString()).video().stream().map(Tap.Seen::slicesSha256).toList();
    // What was published before the worker had read the hook is lost.
    int first = film.indexOf(recorded.get(0));
    assertThat(recorded).isEqualTo(film.subList(first, first + recorded.size()));
    int last = film.indexOf(viewed.get(viewed.size() - 1).slicesSha256());
    assertThat(last - first).isGreaterThan(7 * FRAMES_PER_SECOND);
    assertThat(first + recorded.size()).isGreaterThan(last - 2 * FRAMES_PER_SECOND);
    Recording meter = assertPlays(media);
    assertThat(Objects.requireNonNull(meter.audio()).endUs())
        .isGreaterThan((last - first - 2 * FRAMES_PER_SECOND) * 1_000_000L / FRAMES_PER_SECOND);
  }

  private static Recording assertPlays(Path media) throws IOException {
    Recording meter = Meter.read(media);
    Recording.Video video = Objects.requireNonNull(meter.video());
    assertThat(video.decodeErrors()).isZero();
    // At the very end a picture may be there whose B-frames, before it, are not.
    assertThat(video.faults()).hasSize((int) video.faultCount());
    assertThat(video.faults())
        .allMatch(fault -> fault.found() > video.lastNumber() - REORDERED_FRAMES);
    assertThat(video.unreadable()).isZero();
    assertThat(Objects.requireNonNull(meter.audio()).decodeErrors()).isZero();
    assertThat(meter.beeps()).isNotEmpty();
    return meter;
  }

  private void assertWords() throws IOException {
    Path media = media(KILLED);
    String stem = media.toString().substring(0, media.toString().length() - ".mp4".length());
    JsonNode slots = new JsonMapper().readTree(Path.of(stem + ".json").toFile()).path("slots");
    assertThat(slots).hasSize(2);
    for (String language : List.of("source", "target")) {
      List<Cue> cues = cues(Files.readString(Path.of(stem + "." + language + ".vtt")));
      assertThat(cues).as(language).hasSizeBetween(2, 4);
      // A beep and a word begin in each second of the film.
      for (int i = 0; i < 2; i++) {
        double slot = slots.path(i).path("startSeconds").asDouble();
        // WebVTT knows whole milliseconds.
        assertThat(cues.get(i).start() - slot).isBetween(-0.001, 1.2);
      }
      for (int i = 0; i < cues.size(); i++) {
        assertThat(cues.get(i).end()).isGreaterThan(cues.get(i).start());
        assertThat(i == 0 || cues.get(i).start() >= cues.get(i - 1).end()).isTrue();
      }
      String wanted =
          slots.at("/0/" + (language.equals("source") ? "transcript" : "translation")).asText();
      assertThat(cues.get(0).text()).isEqualTo(wanted).contains("(seq=0)");
    }
    for (int i = 0; i < 2; i++) {
      JsonNode slot = slots.path(i);
      assertThat(slot.path("number").asInt()).isEqualTo(i);
      assertThat(slot.path("sound").asText()).isEqualTo("dub");
      assertThat(slot.path("aired").asBoolean()).isTrue();
      assertThat(slot.path("startSeconds").asDouble()).isBetween(6.0 * i - 0.3, 6.0 * i + 0.3);
    }
  }

  /** Reads WebVTT; fails where it is none. */
  private static List<Cue> cues(String text) {
    assertThat(text).startsWith("WEBVTT\n\n");
    Matcher cue = CUE.matcher(text);
    List<Cue> cues = new ArrayList<>();
    int at = "WEBVTT\n\n".length();
    while (at < text.length()) {
      assertThat(cue.find(at) && cue.start() == at).as(text.substring(at)).isTrue();
      cues.add(new Cue(seconds(cue, 1), seconds(cue, 4), cue.group(7).strip().replace('\n', ' ')));
      at = cue.end();
    }
    return cues;
  }

  private static double seconds(Matcher cue, int group) {
    return Integer.parseInt(cue.group(group)) * 3600
        + Integer.parseInt(cue.group(group + 1)) * 60
        + Double.parseDouble(cue.group(group + 2));
  }
}
