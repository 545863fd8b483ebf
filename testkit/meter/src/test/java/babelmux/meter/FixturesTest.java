package babelmux.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fixtures are what their README says, to the sample. */
@Tag("slow")
class FixturesTest {
  private static final List<Integer> SECONDS = IntStream.range(0, 30).boxed().toList();

  @ParameterizedTest
  @CsvSource({"30s-counting-english.mp4, 48000", "30s-44100-no-bframes.mp4, 44100"})
  void everyMarkStandsWhereTheReadmeSays(String name, int rate) throws Exception {
    Recording fixture = Meter.read(Path.of("../../fixtures", name));

    assertThat(fixture.flashes()).extracting(Flash::second).isEqualTo(SECONDS);
    assertThat(fixture.beeps()).extracting(Beep::second).isEqualTo(SECONDS);
    for (Flash flash : fixture.flashes()) {
      assertThat(flash.ptsUs()).isEqualTo(flash.second() * 1_000_000L + 500_000);
      assertThat(flash.frameNumber()).isEqualTo(flash.second() * 30 + 15);
    }
    for (Beep beep : fixture.beeps()) {
      assertThat(beep.onsetUs()).isCloseTo(beep.second() * 1_000_000L + 500_000, within(500L));
      assertThat(beep.onsetSample())
          .isCloseTo(beep.second() * (long) rate + rate / 2, within(rate / 2000L));
      assertThat(beep.frequencyHz()).isCloseTo(1000 + 50 * beep.second(), within(0.5));
      assertThat(beep.level()).isCloseTo(0.5, within(0.02));
    }
  }

  @ParameterizedTest
  @CsvSource({"30s-counting-english.mp4, 48000", "30s-44100-no-bframes.mp4, 44100"})
  void bothTracksLastThirtySecondsExactly(String name, int rate) throws Exception {
    Recording fixture = Meter.read(Path.of("../../fixtures", name));

    Recording.Video video = Objects.requireNonNull(fixture.video());
    assertThat(video.codec()).isEqualTo("h264");
    assertThat(video.width()).isEqualTo(1280);
    assertThat(video.height()).isEqualTo(720);
    assertThat(video.frames()).isEqualTo(900);
    assertThat(video.startUs()).isZero();
    assertThat(video.durationUs()).isEqualTo(30_000_000);
    assertThat(video.largestStepUs()).isEqualTo(33_333);
    assertThat(video.firstNumber()).isZero();
    assertThat(video.lastNumber()).isEqualTo(899);
    assertThat(video.unreadable()).isZero();
    assertThat(video.faults()).isEmpty();
    assertThat(video.decodeErrors()).isZero();

    Recording.Audio audio = Objects.requireNonNull(fixture.audio());
    assertThat(audio.codec()).isEqualTo("aac");
    assertThat(audio.sampleRate()).isEqualTo(rate);
    assertThat(audio.channels()).isEqualTo(2);
    assertThat(audio.startUs()).isZero();
    assertThat(audio.endUs()).isEqualTo(30_000_000);
    assertThat(audio.durationSamples()).isEqualTo(30L * rate);
    assertThat(audio.gaps()).isEmpty();
    assertThat(audio.decodeErrors()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"30s-counting-english.mp4, true", "30s-44100-no-bframes.mp4, false"})
  void everyFifteenthPictureIsAKeyframe(String name, boolean reordered) throws Exception {
    List<PacketLog.Entry> pictures =
        PacketLog.read(Path.of("../../fixtures", name)).of(PacketLog.Kind.VIDEO);

    assertThat(pictures).hasSize(900);
    for (int i = 0; i < 900; i++) {
      assertThat(pictures.get(i).key()).as("picture %d", i).isEqualTo(i % 15 == 0);
    }
    assertThat(pictures.stream().anyMatch(p -> p.ptsUs() - p.dtsUs() > 66_000))
        .isEqualTo(reordered);
  }
}
