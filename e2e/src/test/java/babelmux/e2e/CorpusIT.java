package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.meter.Beep;
import babelmux.meter.Meter;
import babelmux.origin.rtmp.Amf0;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamRecorder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real encoders send, live through the whole worker, on one running system, and what a viewer
 * gets of it. Writes the rows of the table in {@code docs/inputs.md}.
 */
@Tag(Machine.TIMES)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final long OFFSET_MS = 3_000;

  /** FLV has milliseconds, and MediaMTX rounds PTS and DTS each by itself. */
  private static final long ROUNDING_MS = 2;

  /** Slides come every 2 s. */
  private static final long BESIDE_US = 2_500_000;

  /** As many as two cores carry with all that stands around the worker. */
  private static final int SIDE_BY_SIDE = 13;

  private static final Map<String, CorpusClip> CLIPS = clips();

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final ExecutorService publishers = Executors.newFixedThreadPool(SIDE_BY_SIDE);
  private final Map<String, Future<Row>> rows = new LinkedHashMap<>();
  private Path folder;
  private Running running;

  /**
   * What became of a clip.
   *
   * @param framesIn frames that the worker read
   * @param framesOut frames that it released
   * @param seen frames that the viewer got
   * @param same of these, frames whose slices are the clip's next ones
   * @param ptsSpreadMs largest minus smallest difference of a PTS, output minus clip
   * @param avErrorUs largest A/V error that was added; -1 without video or beeps
   */
  private record Row(
      String id,
      long framesIn,
      long framesOut,
      int seen,
      int same,
      long ptsSpreadMs,
      long avErrorUs,
      int beeps,
      int captions,
      JsonNode status) {
    int reconnections() {
      return status.path("destinations").get(0).path("reconnects").asInt();
    }
  }

  /**
   * A frame that was seen.
   *
   * @param ptsMs in the output
   * @param byMs PTS in the output minus PTS in the clip
   */
  private record Shift(long ptsMs, long byMs) {}

  private static Map<String, CorpusClip> clips() {
    Map<String, CorpusClip> clips = new LinkedHashMap<>();
    for (String name :
        List.of(
            "h264-23.976-pyramid",
            "h264-25-no-b",
            "h264-29.97-b2",
            "h264-50-b3",
            "h264-59.94-b2",
            "h264-variable",
            "h264-slides-0.5",
            "h264-open-gop",
            "h264-gop-10s",
            "h264-intra-refresh",
            "hevc-b3",
            "av1",
            "vp9",
            "aac-44100-mono",
            "aac-5.1",
            "opus",
            "mp3")) {
      // A stream id has no dot.
      clips.put(name.replace('.', '_'), CorpusClip.of(name));
    }
    CorpusClip pyramid = CorpusClip.of("h264-23.976-pyramid");
    clips.put("audio-500-ms-ahead", pyramid.withAudioAhead(500));
    clips.put("audio-500-ms-behind", pyramid.withAudioAhead(-500));
    clips.put("stall-3-s-and-burst", CorpusClip.of("h264-29.97-b2").stalled(2_500, 5_500));
    clips.put("stall-8-s-and-burst", CorpusClip.of("h264-gop-10s").stalled(1_500, 9_500));
    clips.put("slides-stall-3-s", CorpusClip.of("h264-slides-0.5").stalled(4_500, 7_500));
    clips.put("resolution-changes", CorpusClip.joined("h264-640x360", "h264-29.97-b2", 4_000));
    clips.put("rate-and-headers-change", CorpusClip.joined("h264-25-no-b", "h264-50-b3", 4_000));
    clips.put("captions", CorpusClip.of("h264-25-no-b").withCaptions());
    clips.put("timed-data", CorpusClip.of("h264-50-b3").withTimedData(data()));
    return clips;
  }

  private static List<FlvTag> data() {
    List<FlvTag> data = new ArrayList<>();
    for (long at = 500; at < 8_000; at += 500) {
      Map<String, Object> cue = Map.of("name", "cue", "time", at / 1000.0);
      String name = at % 1000 == 0 ? "onCuePoint" : "onMetaData";
      data.add(new FlvTag(FlvTag.DATA, at, Amf0.encode(name, cue)));
    }
    return data;
  }

  static List<String> ids() {
    return List.copyOf(CLIPS.keySet());
  }

  @BeforeAll
  void publishAll() throws Exception {
    folder = Films.folder(CorpusIT.class);
    running = Running.start(StsEchoConfig.builder(), Map.of("max-streams", "100"));
    CLIPS.forEach((id, clip) -> rows.put(id, publishers.submit(() -> play(id, clip))));
  }

  private Row play(String id, CorpusClip clip) throws Exception {
    Path file = folder.resolve(id + ".flv");
    Future<Boolean> recorded = pool.submit(() -> record(id, file));
    try (RawPublisher publisher =
        RawPublisher.connect(running.stack().server().rtmpUrl(), "live/" + id + "/in")) {
      publish(publisher, id, clip);
    }
    JsonNode status = running.awaitOver(id);
    assertThat(recorded.get()).as("the viewer's end").isTrue();
    return row(id, clip, FlvTag.read(file), status);
  }

  /** Begins when the worker reads: nothing of the clip is sent before. */
  private void publish(RawPublisher publisher, String id, CorpusClip clip)
      throws IOException, InterruptedException {
    int headers = 0;
    while (clip.tags().get(headers).isHeader()) {
      publisher.send(clip.tags().get(headers), 0);
      headers++;
    }
    publisher.send(clip.firstAudio(), OFFSET_MS - 100);
    Running.await("the worker reads " + id, LIMIT, () -> running.isRead("live/" + id + "/in"));
    long start = System.nanoTime();
    for (int i = headers; i < clip.tags().size(); i++) {
      FlvTag tag = clip.tags().get(i);
      RawPublisher.awaitTime(start + clip.sentAtMs().get(i) * 1_000_000);
      publisher.send(tag, OFFSET_MS + tag.millis());
    }
  }

  private boolean record(String id, Path file) throws Exception {
    running.awaitListed("live/" + id + "/out", LIMIT);
    try (MediaTask viewer = StreamRecorder.record(running.stack().outputUrl(id), file)) {
      return viewer.await(Duration.ofSeconds(90));
    }
  }

  private Row row(String id, CorpusClip clip, List<FlvTag> out, JsonNode status)
      throws IOException, InterruptedException {
    List<CodedFrame> sent = CodedFrame.of(clip.tags());
    List<CodedFrame> seen = CodedFrame.of(out);
    // A viewer may come late, and sees all to the end.
    int before = sent.size() - seen.size();
    List<Shift> shifts = new ArrayList<>();
    for (int i = Math.max(0, -before); i < seen.size(); i++) {
      CodedFrame there = sent.get(before + i);
      if (there.sha256().equals(seen.get(i).sha256())) {
        shifts.add(new Shift(seen.get(i).ptsMs(), seen.get(i).ptsMs() - there.ptsMs()));
      }
    }
    List<Beep> source = beeps(clip.tags(), folder.resolve(id + "-in-audio"));
    List<Beep> heard = beeps(out, folder.resolve(id + "-out-audio"));
    LongStream errors =
        heard.stream().flatMap(beep -> addedUs(beep, source, shifts).stream()).mapToLong(us -> us);
    return new Row(
        id,
        (long) running.metric("worker_packets_received_total", id, "type=\"video\""),
        (long) running.metric("worker_packets_sent_total", id, "type=\"video\""),
        seen.size(),
        shifts.size(),
        spread(shifts),
        shifts.isEmpty() ? -1 : errors.max().orElse(-1),
        heard.size(),
        seen.stream().mapToInt(CodedFrame::captions).sum(),
        status);
  }

  /**
   * How far a beep is from its place beside the frames around it; empty where the clip has no such
   * beep or nothing was seen there.
   */
  private static Optional<Long> addedUs(Beep heard, List<Beep> source, List<Shift> shifts) {
    Optional<Shift> beside =
        shifts.stream()
            .min(
                Comparator.comparingLong(shift -> Math.abs(shift.ptsMs() * 1000 - heard.onsetUs())))
            .filter(shift -> Math.abs(shift.ptsMs() * 1000 - heard.onsetUs()) <= BESIDE_US);
    return beside.flatMap(
        shift ->
            source.stream()
                .filter(beep -> beep.second() == heard.second())
                .map(beep -> Math.abs(heard.onsetUs() - beep.onsetUs() - shift.byMs() * 1000))
                .min(Long::compare));
  }

  private static long spread(List<Shift> shifts) {
    LongSummaryStatistics all = shifts.stream().mapToLong(Shift::byMs).summaryStatistics();
    return shifts.isEmpty() ? 0 : all.getMax() - all.getMin();
  }

  /** The meter measures one rate: each part behind codec headers is a file of its own. */
  private static List<Beep> beeps(List<FlvTag> tags, Path name) throws IOException {
    List<List<FlvTag>> parts = new ArrayList<>();
    String headers = "none";
    for (FlvTag tag : tags) {
      if (!tag.isAudio() || tag.isConfiguration()) {
        continue;
      }
      boolean changes = tag.isHeader() && !tag.bodyText().equals(headers);
      if (parts.isEmpty() || changes) {
        parts.add(new ArrayList<>());
      }
      if (changes) {
        headers = tag.bodyText();
      }
      if (changes || !tag.isHeader()) {
        parts.get(parts.size() - 1).add(tag);
      }
    }
    List<Beep> beeps = new ArrayList<>();
    for (List<FlvTag> part : parts) {
      Path file = name.resolveSibling(name.getFileName() + "-" + parts.indexOf(part) + ".flv");
      FlvTag.write(part, file);
      beeps.addAll(Meter.read(file).beeps());
    }
    return beeps;
  }

  @AfterAll
  void stop() throws IOException {
    List<String> table = new ArrayList<>();
    rows.forEach(
        (id, row) -> {
          try {
            table.add(line(row.get()));
          } catch (Exception e) {
            table.add("| `%s` | %s |".formatted(id, e.getMessage()));
          }
        });
    Files.write(Films.output().resolve("corpus.md"), table);
    publishers.shutdownNow();
    pool.shutdownNow();
    running.close();
  }

  private static String line(Row row) {
    return "| `%s` | %s | %d / %d | %d / %d | %s | %d ms | %d |"
        .formatted(
            row.id(),
            Servers.currentIsEmbedded() ? "origin" : "MediaMTX",
            row.framesIn(),
            row.framesOut(),
            row.seen(),
            row.same(),
            row.avErrorUs() < 0 ? "" : "%.1f ms".formatted(row.avErrorUs() / 1000.0),
            row.ptsSpreadMs(),
            row.reconnections());
  }

  @ParameterizedTest
  @MethodSource("ids")
  void passesWholeAndInStep(String id) throws Exception {
    CorpusClip clip = Objects.requireNonNull(CLIPS.get(id));
    Row row = Objects.requireNonNull(rows.get(id)).get();
    Report.measured("corpus " + id, line(row));
    assertThat(row.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(row.reconnections()).isZero();
    assertThat(row.framesIn())
        .as("frames that the worker read")
        .isEqualTo(CodedFrame.of(clip.tags()).size());
    assertThat(row.framesOut()).as("frames that left").isEqualTo(row.framesIn());
    assertThat(row.same()).as("frames as they were").isEqualTo(row.seen());
    assertThat(row.ptsSpreadMs()).isLessThanOrEqualTo(ROUNDING_MS);
    assertThat(row.beeps()).as("beeps heard").isGreaterThanOrEqualTo(3);
    if (joinsInMidStream(id)) {
      assertThat(row.seen()).as("a viewer that joins later gets no video").isZero();
    } else {
      assertThat(row.seen()).isPositive();
      if (hasKnownRate(id)) {
        assertThat(row.avErrorUs()).isBetween(0L, 1024L * 1_000_000 / 44_100);
      }
    }
    if (id.equals("captions")) {
      assertThat(row.captions()).isEqualTo(row.seen());
    }
  }

  /** MediaMTX 1.20.1 does not tell its readers of a new AAC configuration: its pitch is wrong. */
  private static boolean hasKnownRate(String id) {
    return Servers.currentIsEmbedded() || !id.equals("rate-and-headers-change");
  }

  /** The servers give H.264 from an IDR frame on, and there is none but the first. */
  private static boolean joinsInMidStream(String id) {
    return id.equals("h264-open-gop") || id.equals("h264-intra-refresh");
  }
}
