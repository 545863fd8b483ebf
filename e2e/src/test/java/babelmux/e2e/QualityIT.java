package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.PacketChanges;
import babelmux.meter.PacketLog;
import babelmux.meter.Recording;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Picture and sound through {@code dub}, on virtual time, against the limits of docs/quality.md;
 * what is measured stands in {@code target/e2e/QualityIT/marks.md}.
 */
@Tag(Machine.OFFLINE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QualityIT {
  private static final long P95_US = 10_000;

  private Path folder;
  private QualityTable marks;

  @BeforeAll
  void folder() throws IOException {
    folder = Films.folder(QualityIT.class);
    marks =
        new QualityTable(
            folder.resolve("marks.md"),
            "film and service",
            "pairs",
            "added A/V error p50, ms",
            "p95, ms",
            "max, ms",
            "audio out - in, samples",
            "video packets");
  }

  @ParameterizedTest
  @CsvSource({
    "counting, echo, 30, false, ''",
    "no-bframes, echo, 30, false, ''",
    "counting, counting-es, 30, false, ''",
    "counting, counting-es, 30, false, --bed-enabled",
    "counting, echo, 30, true, ''",
    "no-bframes, counting-es, 30, true, --bed-enabled",
    "counting, echo, 10.4, false, ''",
    "no-bframes, counting-es, 10.4, false, --bed-enabled"
  })
  void picturesAndSoundStayTogether(
      String name, String voice, double seconds, boolean alternating, String option)
      throws Exception {
    String title =
        "%s, %s, %.1f s%s %s"
            .formatted(
                name, voice, seconds, alternating ? ", every second slot original" : "", option);
    Path fixture = name.equals("counting") ? Films.counting() : Films.noBframes();
    String id = name + "-" + voice + "-" + seconds + "-" + alternating + option;
    Path film =
        seconds == 30 ? fixture : Films.cut(fixture, folder.resolve(id + "-in.mp4"), seconds);
    Path out = folder.resolve(id + ".mp4");
    FaultPlan plan =
        alternating
            ? FaultPlan.parse(
                "rules: [{fragment: every 2, do: fail, code: MODEL_ERROR, retryable: false}]")
            : FaultPlan.NONE;
    String[] options = option.isEmpty() ? new String[0] : new String[] {option};

    String said = Offline.dub(film, out, VoiceKind.of(voice), plan, options);

    int slots = (int) Math.ceil(seconds / 6);
    int original = alternating ? slots / 2 : 0;
    assertThat(said)
        .contains(
            "%d segments dubbed, %d fell back to original audio"
                .formatted(slots - original, original));
    Recording source = Meter.read(film);
    Recording dubbed = Meter.read(out);
    AvReport report = AvReport.of(source, dubbed);
    Recording.Audio in = Objects.requireNonNull(source.audio());
    Recording.Audio written = Objects.requireNonNull(dubbed.audio());
    PacketChanges picture =
        PacketChanges.of(PacketLog.read(film), PacketLog.read(out), PacketLog.Kind.VIDEO);
    AvReport.Size added = report.addedAv();
    marks.row(
        title.strip(),
        added.count(),
        added.p50Us() / 1e3,
        added.p95Us() / 1e3,
        added.maxUs() / 1e3,
        written.durationSamples() - in.durationSamples(),
        picture.untouched() ? "untouched" : picture.toString());
    long frameUs = 1024L * 1_000_000 / in.sampleRate();
    assertThat(added.count()).isEqualTo((int) Math.floor(seconds));
    assertThat(added.p95Us()).isLessThanOrEqualTo(P95_US);
    assertThat(added.maxUs()).isLessThanOrEqualTo(frameUs);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.frameFaults()).isEqualTo(Objects.requireNonNull(source.video()).faultCount());
    assertThat(report.audioGaps()).isEmpty();
    assertThat(written.durationSamples()).isCloseTo(in.durationSamples(), within(1024L));
    assertThat(picture.untouched()).as("%s", picture).isTrue();
    assertThat(picture.before() + picture.after()).isZero();
    assertThat(picture.shift().spreadUs()).isLessThanOrEqualTo(1_000);
  }
}
