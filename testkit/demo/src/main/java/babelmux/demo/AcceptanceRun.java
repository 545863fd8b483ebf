package babelmux.demo;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.Recording;
import babelmux.meter.Slices;
import babelmux.stsecho.monitor.StsMonitor;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end-to-end run of the design's acceptance page: publishes a fixture, records what a viewer
 * gets, and measures it, all from outside. Blocks for the fixture's length, the delay and a few
 * seconds. One thread.
 */
public final class AcceptanceRun {
  /** Fragments that 30 s give, however much of the start the server withholds. */
  private static final int FRAGMENTS = 5;

  private static final Duration POLL = Duration.ofMillis(20);
  // A machine that has just built everything may be slow to load the first classes.
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  // What MediaMTX analyses of a publisher whose times begin at 0.
  private static final long ANALYSIS_MS = 2_000;

  private final LocalStack stack;
  private final StsMonitor monitor;
  private final Scenario scenario;
  private final Consumer<String> progress;
  private final List<StepResult> results = new ArrayList<>();

  /**
   * @param monitor of {@link #watch}; one for all runs, for every monitor gets all that the STS
   *     sends to anyone. Not closed here
   * @param progress is told a line now and then
   */
  public AcceptanceRun(
      LocalStack stack, StsMonitor monitor, Scenario scenario, Consumer<String> progress) {
    this.stack = stack;
    this.monitor = monitor;
    this.scenario = scenario;
    this.progress = progress;
  }

  /** Watches the STS of a stack, for all runs on it; whoever calls this closes it. */
  public static StsMonitor watch(LocalStack stack) throws InterruptedException {
    return StsMonitor.open(stack.stsUrl(), START_LIMIT);
  }

  /** Runs all steps, the later ones also when an earlier one fails, as far as they make sense. */
  public Report run() throws IOException, InterruptedException {
    results.add(healthy());
    try (MediaTask publisher =
        StreamPublisher.publish(
            scenario.fixture(), stack.inputUrl(scenario.streamId()), scenario.offsetSeconds())) {
      boolean listed = listed(publisher);
      long readyNanos = System.nanoTime();
      hooked(readyNanos);
      if (listed) {
        viewed(publisher, readyNanos);
      }
    }
    return new Report(
        stack.server().name(),
        String.valueOf(scenario.fixture().getFileName()),
        scenario.offsetSeconds() == 0
            ? "published plainly"
            : "published with -output_ts_offset " + scenario.offsetSeconds(),
        scenario.delay().toMillis(),
        results,
        scenario.recording().toString());
  }

  private StepResult healthy() throws InterruptedException {
    boolean origin = await(START_LIMIT, () -> !Web.text(apiUrl("/v3/paths/list")).isEmpty());
    boolean worker = await(START_LIMIT, () -> !Web.text(workerUrl("/health")).isEmpty());
    boolean sts = await(START_LIMIT, () -> !Web.text(stack.stsUrl() + "/health").isEmpty());
    return new StepBuilder(0, "origin, worker and STS are healthy")
        .require(origin, stack.server().name() + " does not answer")
        .require(worker, "the worker does not answer")
        .require(sts, "the STS stand-in does not answer")
        .done();
  }

  private boolean listed(MediaTask publisher) throws InterruptedException {
    progress.accept(
        "publishing "
            + scenario.fixture().getFileName()
            + " to live/"
            + scenario.streamId()
            + "/in");
    String url = apiUrl("/v3/paths/get/live/" + scenario.streamId() + "/in");
    // Until it is listed a connection does not tell its path: each one is noted, and found later.
    Map<String, Long> connectedNanos = new HashMap<>();
    boolean listed =
        await(
            Duration.ofSeconds(10),
            () -> {
              long now = System.nanoTime();
              for (JsonNode item :
                  Web.json(apiUrl("/v3/rtmpconns/list?itemsPerPage=1000")).path("items")) {
                connectedNanos.putIfAbsent(item.path("id").asText(""), now);
              }
              return isReady(Web.json(url));
            });
    long listedNanos = System.nanoTime();
    JsonNode source = Web.json(url).path("source");
    String type = source.path("type").asText("");
    long afterMs =
        (listedNanos - connectedNanos.getOrDefault(source.path("id").asText(""), listedNanos))
            / 1_000_000;
    long limitMs = 1000 + (scenario.offsetSeconds() < 2 ? ANALYSIS_MS : 0);
    results.add(
        new StepBuilder(1, "the published stream is listed")
            .measure("listed after (ms)", afterMs)
            .measure("source type", type)
            .require(listed, "not in paths/list within 10 s" + said("publisher", publisher))
            .require(afterMs <= limitMs, "listed after " + afterMs + " ms, expected " + limitMs)
            .require(!type.isEmpty(), "without a source type")
            .done());
    return listed;
  }

  private static boolean isReady(JsonNode path) {
    return path.path("ready").asBoolean(false) || path.path("available").asBoolean(false);
  }

  private void hooked(long readyNanos) throws InterruptedException {
    String label = "stream_id=\"" + scenario.streamId() + "\"";
    boolean series =
        await(Duration.ofSeconds(5), () -> Web.text(workerUrl("/metrics")).contains(label));
    long seriesMs = millisSince(readyNanos);
    boolean reads = await(Duration.ofSeconds(5), () -> StreamStates.isReading(streamState()));
    long readsMs = millisSince(readyNanos);
    results.add(
        new StepBuilder(2, "the hook reached the worker, and it reads")
            .measure("series after (ms)", seriesMs)
            .measure("reading after (ms)", readsMs)
            .require(series, "no worker_* series of the stream")
            .require(reads, "the worker does not read: " + streamState())
            .require(seriesMs <= 1000, "series after " + seriesMs + " ms, expected 1000")
            .require(readsMs <= 2000, "reading after " + readsMs + " ms, expected 2000")
            .done());
  }

  private void viewed(MediaTask publisher, long readyNanos)
      throws IOException, InterruptedException {
    Duration limit = scenario.delay().plusSeconds(5);
    String url = apiUrl("/v3/paths/get/live/" + scenario.streamId() + "/out");
    boolean listed =
        await(
            limit,
            () -> {
              tell();
              return isReady(Web.json(url));
            });
    long listedMs = millisSince(readyNanos);
    Recording recording = null;
    AvReport report = null;
    boolean ended = false;
    String complaints;
    try (MediaTask viewer =
        StreamRecorder.record(stack.outputUrl(scenario.streamId()), scenario.recording())) {
      while (publisher.isRunning()) {
        tell();
        publisher.await(POLL);
      }
      long endedNanos = System.nanoTime();
      while (viewer.isRunning() && millisSince(endedNanos) < limit.toMillis() + 10_000) {
        tell();
        viewer.await(POLL);
      }
      ended = !viewer.isRunning();
      complaints = said("publisher", publisher) + said("viewer", viewer);
    }
    if (ended && Files.exists(scenario.recording())) {
      recording = Meter.read(scenario.recording());
      report = AvReport.of(Originals.of(scenario.fixture()), recording);
    }
    dubbed();
    outputStep(listed, listedMs, recording, report, complaints);
    counted(recording, report);
  }

  /** Quotes what a publisher or a viewer said, to be appended to a problem. */
  private static String said(String who, MediaTask task) {
    return task.said().isEmpty() ? "" : "; the " + who + " said: " + task.said();
  }

  private void dubbed() {
    List<JsonNode> events = monitor.processed(scenario.streamId());
    List<Long> numbers =
        events.stream().map(event -> event.path("sequence_number").asLong(-1)).toList();
    List<Long> expected = new ArrayList<>();
    for (long n = 0; n < FRAGMENTS; n++) {
      expected.add(n);
    }
    results.add(
        new StepBuilder(3, FRAGMENTS + " fragments processed, in order")
            .measure("sequence numbers", numbers)
            .require(numbers.equals(expected), "expected " + expected)
            .done());
    StepBuilder step = new StepBuilder(4, "each carries dubbed sound, transcript and translation");
    List<String> said = new ArrayList<>();
    for (JsonNode event : events) {
      String problem = problemOf(event);
      step.require(problem.isEmpty(), "fragment " + event.path("sequence_number") + ": " + problem);
      said.add(event.path("translated_text").asText(""));
    }
    results.add(step.measure("translated text", said).require(!events.isEmpty(), "none").done());
  }

  private static String problemOf(JsonNode event) {
    JsonNode audio = event.path("dubbed_audio");
    try {
      byte[] bytes = Base64.getDecoder().decode(audio.path("data_base64").asText(""));
      Sound sound =
          AudioClipDecoder.decode(
              bytes,
              new AudioClipHint(
                  audio.path("format").asText(""),
                  audio.path("sample_rate_hz").asInt(),
                  audio.path("channels").asInt(),
                  48_000 * 60));
      if (sound.frames() == 0) {
        return "its sound is empty";
      }
    } catch (IllegalArgumentException | MediaException e) {
      return "its sound cannot be decoded: " + e.getMessage();
    }
    if (event.path("transcript").asText("").isEmpty()) {
      return "no transcript";
    }
    return event.path("translated_text").asText("").isEmpty() ? "no translated_text" : "";
  }

  private void outputStep(
      boolean listed,
      long listedMs,
      @Nullable Recording recording,
      @Nullable AvReport report,
      String complaints)
      throws IOException, InterruptedException {
    long listedLimitMs = scenario.delay().toMillis() + 1500;
    StepBuilder step =
        new StepBuilder(5, "the output is the same picture with sound, complete and in its place")
            .measure("listed after (ms)", listedMs)
            .require(complaints.isEmpty(), "complaints" + complaints)
            .require(listed, "the output is not listed")
            .require(
                listedMs <= listedLimitMs,
                "listed after " + listedMs + " ms, expected " + listedLimitMs)
            .require(recording != null, "the output did not end by itself");
    if (recording != null && report != null) {
      recorded(step, recording, report);
    }
    results.add(step.done());
  }

  private void recorded(StepBuilder step, Recording recording, AvReport report)
      throws IOException, InterruptedException {
    Recording.Video video = recording.video();
    Recording.Audio audio = recording.audio();
    if (video == null || audio == null) {
      step.require(false, "it lacks " + (video == null ? "the picture" : "the sound"));
      return;
    }
    double videoSeconds = video.durationUs() / 1e6;
    double audioSeconds = audio.durationSamples() / (double) audio.sampleRate();
    double receivedSeconds =
        metric("worker_packets_received_total", Map.of("type", "audio"))
            * 1024.0
            / audio.sampleRate();
    // A recording that begins within a flash shows no change from dark to bright.
    List<Integer> flashes =
        report.flashes().missing().stream()
            .filter(
                second ->
                    video.firstNumber() < flashFrame(second)
                        || video.firstNumber() > flashFrame(second) + 2)
            .toList();
    Slices.Comparison slices =
        Slices.read(scenario.recording()).comparedTo(Slices.read(scenario.fixture()));
    step.measure("picture", video.codec() + " " + video.width() + "x" + video.height())
        .measure("sound", audio.codec() + " " + audio.sampleRate() + " Hz")
        .measure("picture (s)", videoSeconds)
        .measure("sound (s)", audioSeconds)
        .measure("sound received (s)", receivedSeconds)
        .measure("marks paired", report.pairs().size())
        .measure("slices equal", slices.matched())
        .require(video.codec().equals("h264"), "the picture is " + video.codec())
        .require(audio.codec().equals("aac"), "the sound is " + audio.codec())
        .require(
            Math.abs(audioSeconds - receivedSeconds) <= 0.5,
            "recorded %.3f s of sound, received %.3f".formatted(audioSeconds, receivedSeconds))
        .require(flashes.isEmpty(), "flashes missing: " + flashes)
        .require(report.beeps().missing().isEmpty(), "beeps missing: " + report.beeps().missing())
        .require(report.flashes().extra().isEmpty(), "flashes twice: " + report.flashes().extra())
        .require(report.beeps().extra().isEmpty(), "beeps twice: " + report.beeps().extra())
        .require(slices.equal(), "slices differ from the source's: " + slices)
        .require(
            video.faultCount() == 0,
            video.faultCount() + " pictures are missing or out of their order");
    if (scenario.offsetSeconds() >= 2) {
      step.require(
          Math.abs(videoSeconds - 30) <= 0.5 + 0.5,
          "the recorded picture lasts %.3f s, expected 30".formatted(videoSeconds));
    }
  }

  /**
   * The fixtures' mark: the flash of a second begins half a second into it, at 30 pictures a
   * second.
   */
  private static int flashFrame(int second) {
    return 30 * second + 15;
  }

  private void counted(@Nullable Recording recording, @Nullable AvReport report)
      throws InterruptedException {
    double processed = metric("worker_audio_fragments_total", Map.of("status", "processed"));
    double fallback = metric("worker_fallback_total", Map.of());
    StepBuilder step =
        new StepBuilder(6, "the counters agree, and picture and sound are in step")
            .measure("fragments processed", processed)
            .measure("fallbacks", fallback)
            .require(processed == FRAGMENTS, "expected " + FRAGMENTS + " processed")
            .require(fallback == 0, "expected no fallback");
    if (report != null && recording != null && recording.audio() != null) {
      long frameUs = 1024L * 1_000_000 / recording.audio().sampleRate();
      step.measure("added A/V error p95 (us)", report.addedAv().p95Us())
          .measure("added A/V error max (us)", report.addedAv().maxUs())
          .require(report.addedAv().count() > 0, "no mark could be paired")
          .require(report.addedAv().p95Us() <= 10_000, "p95 above 10 ms")
          .require(report.addedAv().maxUs() <= frameUs, "max above one AAC frame");
    } else {
      step.require(false, "nothing was recorded");
    }
    results.add(step.done());
  }

  private long lastToldNanos;

  /** One line of progress each second. */
  private void tell() throws InterruptedException {
    if (lastToldNanos != 0 && millisSince(lastToldNanos) < 1000) {
      return;
    }
    lastToldNanos = System.nanoTime();
    JsonNode stream = streamState();
    JsonNode segments = stream.path("segments");
    int fallbacks = 0;
    for (JsonNode count : segments.path("fallback")) {
      fallbacks += count.asInt();
    }
    progress.accept(
        "%-9s  segments sent %d, dubbed %d, fallbacks %d, delay %.1f s"
            .formatted(
                stream.path("state").asText("waiting"),
                segments.path("sent").asInt(),
                segments.path("dubbed").asInt(),
                fallbacks,
                stream.path("delayMs").asLong(scenario.delay().toMillis()) / 1000.0));
  }

  private JsonNode streamState() throws InterruptedException {
    return Web.json(workerUrl("/v1/streams/" + scenario.streamId()));
  }

  /** The sum of this stream's samples of a metric, among those with the given labels. */
  private double metric(String name, Map<String, String> labels) throws InterruptedException {
    Map<String, String> ours = new HashMap<>(labels);
    ours.put("stream_id", scenario.streamId());
    return Scrape.of(Web.text(workerUrl("/metrics"))).sum(name, ours);
  }

  private String apiUrl(String path) {
    return stack.server().apiUrl() + path;
  }

  private String workerUrl(String path) {
    return stack.workerUrl() + path;
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private static boolean await(Duration limit, Condition condition) throws InterruptedException {
    long since = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - since > limit.toNanos()) {
        return false;
      }
      Thread.sleep(POLL.toMillis());
    }
    return true;
  }
}
