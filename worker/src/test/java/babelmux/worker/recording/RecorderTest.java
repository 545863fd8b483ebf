package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.worker.output.Film;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@Timeout(60)
class RecorderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path ENCODERS = Path.of("..", "fixtures", "encoders");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T07:50:01Z"), ZoneOffset.UTC);
  private static final String FIRST = "20261122T075001Z";

  @TempDir Path folder;
  private final AtomicLong dropped = new AtomicLong();
  private final List<Boolean> stopped = new ArrayList<>();
  private final RecordingListener counting =
      new RecordingListener() {
        @Override
        public void dropped(long packets) {
          dropped.addAndGet(packets);
        }

        @Override
        public void stopped(boolean now) {
          synchronized (stopped) {
            stopped.add(now);
          }
        }
      };

  @SuppressWarnings("NullAway.Init") // before each test
  private Film film;

  @BeforeEach
  void read() throws Exception {
    film = new Film();
  }

  @AfterEach
  void nothingLeaks() {
    film.close();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  private RecorderOptions options(@Nullable Duration maxDuration, Duration maxQueueSpan) {
    return new RecorderOptions(
        folder,
        maxDuration,
        "en",
        "es",
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        64L << 20,
        maxQueueSpan,
        Duration.ofMillis(200),
        0);
  }

  private Recorder recorder(@Nullable Duration maxDuration) {
    return new Recorder("demo", options(maxDuration, Duration.ofHours(1)), counting, CLOCK);
  }

  private static void finish(Recorder recorder) throws InterruptedException {
    recorder.beginFinish();
    assertThat(recorder.awaitFinish(LIMIT)).isTrue();
    assertThat(recorder.status().state()).isEqualTo(RecordingState.CLOSED);
  }

  private Path file(String name) {
    return folder.resolve("demo").resolve(name);
  }

  /** A packet as a file has it. */
  private record Read(TrackKind kind, int size, long ptsUs, boolean key) {}

  private static List<Read> read(Path file) throws Exception {
    List<Read> packets = new ArrayList<>();
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (Packet packet = next) {
          packets.add(new Read(packet.kind(), packet.size(), packet.ptsUs(), packet.key()));
        }
      }
    }
    return packets;
  }

  private static List<Read> of(List<Read> packets, TrackKind kind) {
    return packets.stream().filter(packet -> packet.kind() == kind).toList();
  }

  private List<Path> media() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("demo"))) {
      return files.filter(file -> file.toString().endsWith(".mp4")).sorted().toList();
    }
  }

  /** Both tracks keep their times to each other, counted from the first packet. */
  private static void assertIsFilm(Film film, List<Read> read) {
    long zeroUs = film.packets().get(0).dtsUs();
    for (TrackKind kind : TrackKind.values()) {
      List<OutputPacket> wanted =
          film.packets().stream().filter(next -> next.packet().kind() == kind).toList();
      List<Read> got = of(read, kind);
      assertThat(got).as("%s", kind).hasSameSizeAs(wanted);
      for (int i = 0; i < got.size(); i++) {
        // The container of AV1 leaves the two bytes of a temporal delimiter out.
        assertThat(wanted.get(i).packet().size() - got.get(i).size()).isIn(0, 2);
        assertThat(got.get(i).ptsUs())
            .as("%s %d", kind, i)
            .isBetween(wanted.get(i).ptsUs() - zeroUs - 100, wanted.get(i).ptsUs() - zeroUs + 100);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h264-23.976-pyramid",
        "h264-slides-0.5",
        "hevc-b3",
        "av1",
        "vp9",
        "aac-44100-mono"
      })
  void everyCodecIsRecordedWithItsTimes(String clip) throws Exception {
    try (Film other = new Film(ENCODERS.resolve(clip + ".flv"), 3_000_000);
        Recorder recorder = recorder(null)) {
      recorder.begin(other.formats());
      other.packets().forEach(recorder::write);
      finish(recorder);
      assertIsFilm(other, read(file(FIRST + ".mp4")));
      RecordingStatus status = recorder.status();
      assertThat(status.file()).isEqualTo("demo/" + FIRST + ".mp4");
      assertThat(status.lastError()).isNull();
      assertThat(status.bytes())
          .isEqualTo(other.packets().stream().mapToLong(next -> next.packet().size()).sum());
    }
    assertThat(dropped).hasValue(0);
  }

  /** As after kill -9: nothing was finished. */
  @Test
  void whatIsBeingRecordedCanBePlayedUpToItsLastTwoSeconds() throws Exception {
    List<OutputPacket> packets = film.packets();
    OutputPacket last = packets.get(packets.size() / 2);
    try (Recorder recorder = recorder(null)) {
      recorder.begin(film.formats());
      packets.subList(0, packets.size() / 2 + 1).forEach(recorder::write);
      long zeroUs = packets.get(0).dtsUs();
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                List<Read> read = read(file(FIRST + ".mp4"));
                for (TrackKind kind : TrackKind.values()) {
                  List<Read> track = of(read, kind);
                  assertThat(track.get(track.size() - 1).ptsUs())
                      .isGreaterThan(last.dtsUs() - zeroUs - 2_000_000);
                }
              });
    }
  }

  @Test
  void nothingThatExistsIsOverwritten() throws Exception {
    Files.createDirectories(folder.resolve("demo"));
    Files.writeString(file(FIRST + ".mp4"), "mine");
    Files.writeString(file(FIRST + "_2.target.vtt"), "mine");
    try (Recorder recorder = recorder(null)) {
      recorder.begin(film.formats());
      film.packets().forEach(recorder::write);
      finish(recorder);
    }
    assertThat(file(FIRST + ".mp4")).hasContent("mine");
    assertThat(file(FIRST + "_2.target.vtt")).hasContent("mine");
    assertIsFilm(film, read(file(FIRST + "_3.mp4")));
  }

  @Test
  void aNewFileAfterSoLongBeginsAtAKeyframeAndNoPacketIsLost() throws Exception {
    try (Recorder recorder = recorder(Duration.ofMillis(9_900))) {
      recorder.begin(film.formats());
      film.packets().forEach(recorder::write);
      finish(recorder);
    }
    List<Path> files = media();
    assertThat(files).hasSize(3);
    List<Integer> sizes = new ArrayList<>();
    for (TrackKind kind : TrackKind.values()) {
      for (Path file : files) {
        List<Read> track = of(read(file), kind);
        assertThat(track.get(0).key()).isTrue();
        assertThat(track.get(0).ptsUs()).isBetween(0L, 150_000L);
        track.forEach(packet -> sizes.add(packet.size()));
      }
      assertThat(sizes)
          .isEqualTo(
              film.packets().stream()
                  .filter(next -> next.packet().kind() == kind)
                  .map(next -> next.packet().size())
                  .toList());
      sizes.clear();
    }
    assertThat(dropped).hasValue(0);
  }

  @Test
  void anotherCodecGoesToANewFile() throws Exception {
    try (Film hevc = new Film(ENCODERS.resolve("hevc-b3.flv"), 40_000_000);
        Recorder recorder = recorder(null)) {
      recorder.begin(film.formats());
      film.packets().forEach(recorder::write);
      recorder.begin(hevc.formats());
      hevc.packets().forEach(recorder::write);
      finish(recorder);
      assertIsFilm(film, read(file(FIRST + ".mp4")));
      assertThat(of(read(file(FIRST + "_2.mp4")), TrackKind.VIDEO))
          .hasSameSizeAs(
              hevc.packets().stream()
                  .filter(next -> next.packet().kind() == TrackKind.VIDEO)
                  .toList());
    }
  }

  /** Answers of a disk, one for each file that is to be made. */
  private final class Disk implements Recorder.Opener {
    final AtomicInteger opened = new AtomicInteger();
    final CountDownLatch hangs = new CountDownLatch(1);
    private final int errors;

    Disk(int errors) {
      this.errors = errors;
    }

    @Override
    public RecordingFiles open(
        RecordingInfo info,
        OutputFormats formats,
        babelmux.media.SinkOptions options,
        babelmux.media.Sink.Opening asked)
        throws IOException {
      if (opened.getAndIncrement() < errors) {
        throw new IOException("No space left on device");
      }
      try {
        hangs.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return RecordingFiles.create(folder, info, formats, options, asked);
    }
  }

  @Test
  void aSlowDiskHoldsNobodyUpAndCostsWholeGroups() throws Exception {
    Disk disk = new Disk(0);
    try (Recorder recorder =
        new Recorder("demo", options(null, Duration.ofSeconds(5)), counting, CLOCK, disk)) {
      recorder.begin(film.formats());
      film.packets().subList(0, 1).forEach(recorder::write);
      await().atMost(LIMIT).until(() -> disk.opened.get() == 1);
      film.packets().subList(1, film.packets().size()).forEach(recorder::write);
      assertThat(dropped.get()).isPositive();
      disk.hangs.countDown();
      finish(recorder);
      List<Read> read = read(file(FIRST + ".mp4"));
      assertThat(read).hasSize((int) (film.packets().size() - dropped.get()));
      assertThat(recorder.status().dropped()).isEqualTo(dropped.get());
      List<Read> video = of(read, TrackKind.VIDEO);
      // The first packet was taken already; a second one may have been.
      long afterGap = video.stream().filter(packet -> packet.ptsUs() > 5_000_000).count();
      assertThat(afterGap).isGreaterThan(100);
      assertThat(
              video.stream().filter(packet -> packet.ptsUs() > 5_000_000).findFirst().get().key())
          .isTrue();
    }
  }

  @Test
  void aFullDiskStopsTheRecordingUntilThereIsSpace() throws Exception {
    Disk disk = new Disk(2);
    try (Recorder recorder =
        new Recorder("demo", options(null, Duration.ofHours(1)), counting, CLOCK, disk)) {
      recorder.begin(film.formats());
      int third = film.packets().size() / 3;
      film.packets().subList(0, third).forEach(recorder::write);
      await().atMost(LIMIT).until(() -> recorder.status().state() == RecordingState.STOPPED);
      assertThat(recorder.status().lastError()).isEqualTo("No space left on device");
      film.packets().subList(third, third + 50).forEach(recorder::write);
      disk.hangs.countDown();
      // Written again and again, as the stream goes on: it is tried with the next keyframe.
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                film.packets().subList(third, third * 2).forEach(recorder::write);
                return disk.opened.get() == 3;
              });
      await().atMost(LIMIT).until(() -> recorder.status().state() == RecordingState.RECORDING);
      assertThat(recorder.status().lastError()).isNull();
      finish(recorder);
      assertThat(of(read(file(FIRST + ".mp4")), TrackKind.VIDEO).get(0).key()).isTrue();
      assertThat(dropped.get()).isPositive();
      assertThat(stopped).containsExactly(true, false);
    }
  }

  @Test
  void aLinkInThePlaceOfTheStreamsFolderIsNotFollowed(@TempDir Path outside) throws Exception {
    Files.createSymbolicLink(folder.resolve("demo"), outside);
    try (Recorder recorder = recorder(null)) {
      recorder.begin(film.formats());
      film.packets().subList(0, 100).forEach(recorder::write);
      await().atMost(LIMIT).until(() -> recorder.status().state() == RecordingState.STOPPED);
      assertThat(recorder.status().lastError()).contains("expected a directory");
    }
    assertThat(outside).isEmptyDirectory();
  }

  private static SlotWords words(String transcript, String translation) {
    return new SlotWords(
        transcript,
        translation,
        () -> List.of(new SpeechSpan(500_000, 5_500_000)),
        () -> List.of(new SpeechSpan(1_000_000, 5_000_000)));
  }

  @Test
  void theWordsAndTheSlotsStandBesideEachFile() throws Exception {
    try (Recorder recorder = recorder(Duration.ofMillis(9_900))) {
      for (long i = 0; i < 5; i++) {
        recorder.slots().segment(i, "f" + i, i * 6_000_000, (i + 1) * 6_000_000);
        if (i == 3) {
          recorder.slots().fellBack(i, FallbackReason.TIMEOUT, "no answer");
        } else {
          recorder.slots().dubbed(i);
          recorder.slots().words(i, words("number " + i, "numero --> " + i));
        }
      }
      recorder.begin(film.formats());
      film.packets().forEach(recorder::write);
      finish(recorder);
    }
    JsonNode first = new JsonMapper().readTree(file(FIRST + ".json").toFile());
    JsonNode second = new JsonMapper().readTree(file(FIRST + "_2.json").toFile());
    assertThat(first.path("slots")).hasSize(2);
    assertThat(second.path("slots"))
        .extracting(slot -> slot.path("number").asInt())
        .containsExactly(1, 2, 3);
    assertThat(second.at("/slots/0/startSeconds").asDouble()).isBetween(-4.1, -3.9);
    assertThat(second.at("/slots/2/reason").asText()).isEqualTo("timeout");
    assertThat(Files.readString(file(FIRST + ".target.vtt")))
        .startsWith("WEBVTT\n\n00:00:01.")
        .contains("numero --&gt; 0", "numero --&gt; 1")
        .doesNotContain("numero --&gt; 2");
    assertThat(Files.readString(file(FIRST + "_2.target.vtt")))
        .as("the one that goes on, and those that begin")
        .contains("00:00:00.000 --> ", "numero --&gt; 1", "numero --&gt; 2")
        .doesNotContain("numero --&gt; 3");
    assertThat(Files.readString(file(FIRST + "_2.source.vtt"))).contains("number 2");
  }
}
