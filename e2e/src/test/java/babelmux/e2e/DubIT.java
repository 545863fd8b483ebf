package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.PacketLog;
import babelmux.meter.Recording;
import babelmux.origin.FreePort;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code babelmux dub} of the built distribution, file to file. */
@Tag(Machine.OFFLINE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DubIT {
  private Path folder;

  @BeforeAll
  void folder() throws IOException {
    folder = Films.folder(DubIT.class);
  }

  private static Path fixture(String name) {
    return name.equals("counting") ? Films.counting() : Films.noBframes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"counting", "no-bframes"})
  void theWholeFixture(String name) throws Exception {
    Path film = fixture(name);
    Path out = folder.resolve(name + ".mp4");
    Program.Ended ended =
        Program.run("dub", film.toString(), out.toString(), "--sts", "counting-es", "--strict");
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said())
        .contains("5 segments dubbed, 0 fell back to original audio")
        .doesNotContain("dead dubs");
    Report.measured("dub " + name + ": seconds with the start of the JVM", ended.seconds());
    Recording source = Originals.of(film);
    Recording dubbed = Meter.read(out);
    AvReport report = AvReport.of(source, dubbed);
    Recording.Audio audio = Objects.requireNonNull(dubbed.audio());
    Report.measured("dub " + name + ": samples out", audio.durationSamples());
    Report.measured("dub " + name + ": added A/V error max (us)", report.addedAv().maxUs());
    assertThat(audio.durationSamples()).isCloseTo(30L * audio.sampleRate(), within(1024L));
    assertThat(report.videoLengthDifferenceUs()).isZero();
    assertThat(report.pairs()).hasSize(30);
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.addedAv().p95Us()).isLessThan(10_000);
    assertThat(report.addedAv().maxUs()).isLessThan(1024L * 1_000_000 / audio.sampleRate());
    assertThat(report.frameFaults()).isZero();
    assertThat(video(out)).isEqualTo(video(film));
  }

  /** Payloads in their order and the codec's headers. */
  private static List<String> video(Path file) throws IOException {
    PacketLog log = PacketLog.read(file);
    List<String> hashes =
        new ArrayList<>(
            log.of(PacketLog.Kind.VIDEO).stream().map(PacketLog.Entry::sha256).toList());
    log.tracks().stream()
        .filter(track -> track.kind() == PacketLog.Kind.VIDEO)
        .forEach(track -> hashes.add(track.headerSha256()));
    return hashes;
  }

  @Test
  void tenPointFourSeconds() throws Exception {
    Path film = Films.cut(Films.counting(), folder.resolve("film-10.4.mp4"), 10.4);
    Path out = folder.resolve("out-10.4.mp4");
    Program.Ended ended =
        Program.run("dub", film.toString(), out.toString(), "--sts", "counting-es", "--strict");
    assertThat(ended.code()).as(ended.said()).isZero();
    Recording source = Originals.of(film);
    Recording dubbed = Meter.read(out);
    long wanted = Objects.requireNonNull(source.audio()).durationSamples();
    long written = Objects.requireNonNull(dubbed.audio()).durationSamples();
    Report.measured("dub of 10.4 s: samples in, out", wanted + ", " + written);
    assertThat(written).isCloseTo(wanted, within(1024L));
    AvReport report = AvReport.of(source, dubbed);
    assertThat(report.pairs()).hasSize(10);
    assertThat(report.beeps().missing()).isEmpty();
  }

  @Test
  void segmentsCutWhereNobodySpeaksAreAsManyAndInTheirPlaces() throws Exception {
    Path out = folder.resolve("quiet.mp4");
    Program.Ended ended =
        Program.run(
            "dub",
            Films.counting().toString(),
            out.toString(),
            "--sts",
            "echo",
            "--segment-quiet-cut",
            "--strict");
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said()).contains("5 segments dubbed, 0 fell back to original audio");
    AvReport report = AvReport.of(Originals.of(Films.counting()), Meter.read(out));
    assertThat(report.pairs()).hasSize(30);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    assertThat(report.audioGaps()).isEmpty();
  }

  @Test
  void aServiceThatIsNotThereIsAnErrorBeforeAnyOutput() throws Exception {
    Path out = folder.resolve("unreachable.mp4");
    Program.Ended ended =
        Program.run(
            "dub",
            Films.counting().toString(),
            out.toString(),
            "--sts-url",
            "http://127.0.0.1:" + FreePort.onLoopback());
    assertThat(ended.code()).isNotZero();
    assertThat(ended.said()).contains("cannot be used");
    assertThat(ended.said()).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void strictMakesASlotInTheOriginalAnError() throws Exception {
    FaultPlan plan =
        FaultPlan.parse(
            "rules: [{fragment: 1, do: fail, code: MODEL_ERROR, message: drill, retryable: false}]");
    try (StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).faults(plan).build())) {
      String in = Films.counting().toString();
      Path out = folder.resolve("strict.mp4");
      Program.Ended strict =
          Program.run("dub", in, out.toString(), "--sts-url", sts.url().toString(), "--strict");
      assertThat(strict.code()).as(strict.said()).isEqualTo(1);
      assertThat(strict.said())
          .contains(
              "4 segments dubbed, 1 fell back to original audio", "segment 1 (from 6.0 s): error");
      Program.Ended lenient =
          Program.run("dub", in, out.toString(), "--sts-url", sts.url().toString());
      assertThat(lenient.code()).as(lenient.said()).isZero();
      assertThat(lenient.said()).contains("1 fell back to original audio");
      assertThat(Files.size(out)).isPositive();
    }
  }
}
