package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static babelmux.meter.Media.NO_B_FRAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recordings of the fixture with one thing wrong each: the meter must find it, and nothing else.
 */
@Tag("slow")
class PlantedErrorsTest {
  private static Recording source = new Recording("", null, null, List.of(), List.of());

  /** The fixture with a picture that takes less time to decode; the same marks. */
  private static Path small = ENGLISH;

  @TempDir private static Path shared = Path.of("");
  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void readSource() throws Exception {
    source = Meter.read(ENGLISH);
    small =
        Media.made(
            shared.resolve("small.mp4"),
            "-i {} -vf scale=320:180 -c:v libopenh264 -b:v 800k -g 15 -c:a copy",
            ENGLISH);
  }

  private AvReport report(String name, String arguments, Object... values) throws Exception {
    return AvReport.of(source, Meter.read(Media.made(folder.resolve(name), arguments, values)));
  }

  private static void assertAllMarksFound(AvReport report) {
    assertThat(report.pairs()).hasSize(30);
    for (AvReport.Astray marks : List.of(report.flashes(), report.beeps())) {
      assertThat(marks.missing()).isEmpty();
      assertThat(marks.extra()).isEmpty();
      assertThat(marks.beyond()).isEmpty();
    }
    assertThat(report.offPitch()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy.mp4", "copy.flv", "copy.ts", "copy.mkv"})
  void aCopyHasNoErrorInAnyContainer(String name) throws Exception {
    AvReport report = report(name, "-i {} -c copy", ENGLISH);

    assertAllMarksFound(report);
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
    assertThat(report.flashOffsets().spreadUs()).isLessThanOrEqualTo(1_000);
    assertThat(report.beepOffsets().spreadUs()).isLessThanOrEqualTo(1_000);
    assertThat(report.videoLengthDifferenceUs()).isBetween(-1_000L, 1_000L);
    // Priming and the end of the last frame are heard where the container cannot say that they are
    // not to be.
    assertThat(report.audioLengthDifferenceUs()).isBetween(0L, 2 * 21_334L);
    assertThat(report.frameFaults()).isZero();
    assertThat(report.audioGaps()).isEmpty();
  }

  @Test
  void soundEncodedAgainStaysWithinHalfAMillisecond() throws Exception {
    AvReport report = report("again.mp4", "-i {} -c:v copy -c:a aac -b:a 96k", small);

    assertAllMarksFound(report);
    assertThat(report.addedAv().p95Us()).isLessThanOrEqualTo(200);
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(500);
  }

  @Test
  void otherSoundUnderTheBeepsMovesNothing() throws Exception {
    AvReport report =
        report(
            "bed.mp4",
            "-i {} -f lavfi -i anoisesrc=r=48000:a=0.1:c=pink:d=30:seed=1 -filter_complex"
                + " [0:a][1:a]amix=normalize=0 -c:v copy -c:a aac",
            small);

    assertAllMarksFound(report);
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void soundFiveMillisecondsLate() throws Exception {
    AvReport report =
        report("five.mkv", "-i {} -af adelay=5:all=1 -t 30 -c:v copy -c:a pcm_s16le", small);

    assertAllMarksFound(report);
    assertThat(report.addedAv().p50Us()).isCloseTo(5_000, within(300L));
    assertThat(report.addedAv().maxUs()).isCloseTo(5_000, within(600L));
    assertThat(report.driftMsPerHour()).isCloseTo(0, within(20.0));
  }

  @Test
  void soundThatRunsAThousandthTooSlow() throws Exception {
    AvReport report =
        report(
            "slow.mkv",
            "-i {} -af asetrate=47952,aresample=48000 -t 30 -c:v copy -c:a pcm_s16le",
            small);

    // 48000 / 47952 - 1 = 0.1001 %, of an hour 3604 ms.
    assertThat(report.driftMsPerHour()).isCloseTo(3_603.6, within(30.0));
  }

  @Test
  void soundFortyMillisecondsLate() throws Exception {
    AvReport report =
        report("late.mp4", "-i {} -itsoffset 0.04 -i {} -map 0:v -map 1:a -c copy", small, small);

    assertAllMarksFound(report);
    assertThat(report.pairs())
        .allSatisfy(p -> assertThat(p.addedUs()).isCloseTo(40_000, within(1_100L)));
    assertThat(report.addedAv().p50Us()).isCloseTo(40_000, within(1_100L));
  }

  @Test
  void soundFortyMillisecondsEarly() throws Exception {
    AvReport report =
        report("early.mp4", "-itsoffset 0.04 -i {} -i {} -map 0:v -map 1:a -c copy", small, small);

    assertAllMarksFound(report);
    assertThat(report.pairs())
        .allSatisfy(p -> assertThat(p.addedUs()).isCloseTo(-40_000, within(1_100L)));
  }

  @Test
  void aSecondOfSoundDropped() throws Exception {
    AvReport report =
        report(
            "second.mp4",
            "-i {} -filter_complex [0:a]asplit[a][b];[a]atrim=end=10[c];[b]atrim=start=11,asetpts=N/SR/TB[d];[c][d]concat=v=0:a=1[out] -map 0:v -map [out] -c:v copy -c:a aac",
            small);

    assertThat(report.beeps().missing()).containsExactly(10);
    assertThat(report.flashes().missing()).isEmpty();
    assertThat(report.audioLengthDifferenceUs()).isCloseTo(-1_000_000, within(30_000L));
    for (AvReport.Pair pair : report.pairs()) {
      long expected = pair.second() < 10 ? 0 : -1_000_000;
      assertThat(pair.addedUs()).isCloseTo(expected, within(30_000L));
    }
  }

  @Test
  void aSecondOfPictureDropped() throws Exception {
    AvReport report =
        report(
            "picture.mp4",
            "-i {} -vf select='not(between(n,300,329))',setpts=N/30/TB -c:v mpeg4 -q:v 2 -c:a copy",
            small);

    assertThat(report.flashes().missing()).containsExactly(10);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.videoLengthDifferenceUs()).isCloseTo(-1_000_000, within(1_000L));
    assertThat(report.frameFaults()).isEqualTo(1);
  }

  @Test
  void twoPicturesSwapped() throws Exception {
    String order =
        IntStream.range(0, 900)
            .map(i -> i == 100 ? 101 : i == 101 ? 100 : i)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("|"));
    Path swapped = folder.resolve("swapped.mp4");
    Media.made(swapped, "-i {} -vf shuffleframes={} -c:v mpeg4 -q:v 2 -c:a copy", small, order);

    Recording.Video video = Objects.requireNonNull(Meter.read(swapped).video());
    assertThat(video.faults())
        .extracting(FrameFault::expected, FrameFault::found)
        .containsExactly(tuple(100, 101), tuple(102, 100), tuple(101, 102));
    assertThat(video.faults().get(0).ptsUs()).isCloseTo(3_333_333, within(1_000L));
  }

  @Test
  void aBeepLost() throws Exception {
    AvReport report =
        report(
            "lost.mp4",
            "-i {} -af volume=0:enable='between(t,7.49,7.61)' -c:v copy -c:a aac",
            small);

    assertThat(report.beeps().missing()).containsExactly(7);
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.pairs()).hasSize(29);
  }

  @Test
  void aBeepOfAnotherSecond() throws Exception {
    AvReport report = beepReplacedBy(2000);

    assertThat(report.beeps().missing()).containsExactly(7);
    assertThat(report.beeps().extra()).containsExactly(20);
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void aBeepOffItsPitch() throws Exception {
    AvReport report = beepReplacedBy(1362);

    assertThat(report.offPitch()).containsExactly(7);
    assertThat(report.beeps().missing()).isEmpty();
  }

  private AvReport beepReplacedBy(int hz) throws Exception {
    return report(
        "pitch.mp4",
        "-i {} -f lavfi -i sine=f={}:r=48000:d=0.1 -filter_complex"
            + " [0:a]volume=0:enable='between(t,7.49,7.61)'[m];"
            + "[1:a]volume=4,adelay=7500,apad=whole_dur=30,pan=stereo|c0=c0|c1=c0[b];"
            + "[m][b]amix=normalize=0[out] -map 0:v -map [out] -c:v copy -c:a aac -t 30",
        small,
        hz);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hole.flv", "hole.mkv", "hole.ts"})
  void oneSoundPacketMissing(String name) throws Exception {
    AvReport report = report(name, "-i {} -c copy -bsf:a noise=drop='eq(n,500)'", small);

    assertThat(report.audioGaps()).hasSize(1);
    AudioGap gap = report.audioGaps().get(0);
    assertThat(gap.lengthUs()).isCloseTo(21_333, within(1_500L));
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void oneFrameOfSoundCutOut() throws Exception {
    AvReport report =
        report(
            "cut.mp4",
            "-i {} -filter_complex [0:a]asplit[a][b];[a]atrim=end_sample=512000[c];[b]atrim=start_sample=513024,asetpts=N/SR/TB[d];[c][d]concat=v=0:a=1[out] -map 0:v -map [out] -c:v copy -c:a aac",
            small);

    assertAllMarksFound(report);
    for (AvReport.Pair pair : report.pairs()) {
      long expected = pair.second() * 1_000_000L + 500_000 < 500 * 21_333L ? 0 : -21_333;
      assertThat(pair.addedUs()).isCloseTo(expected, within(500L));
    }
    assertThat(report.addedAv().maxUs()).isCloseTo(21_333, within(500L));
  }

  @Test
  void aRecordingThatBeginsLate() throws Exception {
    AvReport report = report("tail.mp4", "-ss 5 -i {} -c copy", small);

    assertThat(report.beeps().beyond()).containsExactly(0, 1, 2, 3, 4);
    assertThat(report.flashes().beyond()).containsExactly(0, 1, 2, 3, 4);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.flashes().missing()).isEmpty();
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
    assertThat(report.beepOffsets().medianUs()).isCloseTo(-5_000_000, within(1_000L));
  }

  @Test
  void aRecordingCutInMidFile() throws Exception {
    Path whole = Media.made(folder.resolve("whole.flv"), "-i {} -c copy", small);
    Path cut = folder.resolve("cut.flv");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

    AvReport report = AvReport.of(source, Meter.read(cut));

    assertThat(report.beeps().beyond()).hasSizeBetween(12, 18).contains(29).doesNotContain(0);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void theOtherFixtureHasTheSameMarks() throws Exception {
    AvReport report = AvReport.of(source, Meter.read(NO_B_FRAMES));

    assertAllMarksFound(report);
    assertThat(report.addedAv().maxUs()).isLessThanOrEqualTo(1_000);
    assertThat(report.audioLengthDifferenceUs()).isZero();
  }

  @Test
  void aFileWithoutSoundHasNoPairs() throws Exception {
    AvReport report = report("mute.mp4", "-i {} -c copy -an", small);

    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.beeps().beyond()).hasSize(30);
    assertThat(report.pairs()).isEmpty();
    assertThat(report.addedAv().count()).isZero();
    assertThat(report.audioLengthDifferenceUs()).isEqualTo(-30_000_000);
  }

  @Test
  void whatIsNotMediaIsRefusedByName() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "no media at all");
    assertThatThrownBy(() -> Meter.read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("notes.txt");
    assertThatThrownBy(() -> Meter.read(folder.resolve("absent.mp4")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("absent.mp4: not a file");
  }

  @Test
  void aReportIsWrittenAsJson() throws Exception {
    AvReport report = AvReport.of(source, source);

    var json = new ObjectMapper().readTree(Reports.toJson(report));

    assertThat(json.at("/addedAv/count").asInt()).isEqualTo(30);
    assertThat(json.at("/pairs/29/second").asInt()).isEqualTo(29);
    assertThat(json.at("/beeps/missing").isArray()).isTrue();
    assertThat(Reports.toJson(source)).contains("\"frameNumber\" : 885");
  }
}
