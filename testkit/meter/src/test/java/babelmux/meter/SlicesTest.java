package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static babelmux.meter.Media.NO_B_FRAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
  private static Slices source = new Slices(List.of());

  @TempDir private Path folder;

  @BeforeAll
  static void readSource() throws IOException {
    source = Slices.read(ENGLISH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy.flv", "copy.ts", "copy.mkv", "copy.h264"})
  void survivesEveryContainer(String name) throws Exception {
    Slices copy = Slices.read(Media.made(folder.resolve(name), "-i {} -an -c copy", ENGLISH));

    Slices.Comparison comparison = copy.comparedTo(source);

    assertThat(comparison).isEqualTo(new Slices.Comparison(true, 0, 0, 900, -1, 0));
  }

  @Test
  void comparesFromTheFirstKeyframeOfARecordingThatBeginsLate() throws Exception {
    Path late = Media.made(folder.resolve("late.flv"), "-ss 5 -i {} -an -c copy", ENGLISH);

    Slices.Comparison comparison = Slices.read(late).comparedTo(source);

    assertThat(comparison).isEqualTo(new Slices.Comparison(true, 150, 0, 750, -1, 0));
  }

  @Test
  void skipsWhatCannotBeDecodedBeforeTheFirstKeyframe() throws Exception {
    Path headless =
        Media.made(
            folder.resolve("headless.ts"),
            "-i {} -an -c copy -bsf:v noise=drop='eq(n,0)'",
            ENGLISH);

    Slices.Comparison comparison = Slices.read(headless).comparedTo(source);

    assertThat(comparison).isEqualTo(new Slices.Comparison(true, 15, 14, 885, -1, 0));
  }

  @Test
  void findsALostPicture() throws Exception {
    Path lost =
        Media.made(
            folder.resolve("lost.flv"), "-i {} -an -c copy -bsf:v noise=drop='eq(n,40)'", ENGLISH);

    Slices.Comparison comparison = Slices.read(lost).comparedTo(source);

    assertThat(comparison.equal()).isFalse();
    assertThat(comparison.matched()).isEqualTo(40);
    assertThat(comparison.firstDifference()).isEqualTo(40);
  }

  @Test
  void findsAnotherVideo() throws Exception {
    Slices.Comparison comparison = Slices.read(NO_B_FRAMES).comparedTo(source);

    assertThat(comparison.equal()).isFalse();
    assertThat(comparison.sourceStart()).isEqualTo(-1);
  }

  @Test
  void tellsHevcSlicesFromItsHeaders() {
    assertThat(new NalUnits(true, 4).isSlice(new byte[] {0x26, 1}, new NalUnits.Unit(0, 2)))
        .isTrue();
    assertThat(new NalUnits(true, 4).isKey(new byte[] {0x26, 1}, new NalUnits.Unit(0, 2))).isTrue();
    assertThat(new NalUnits(true, 4).isSlice(new byte[] {0x40, 1}, new NalUnits.Unit(0, 2)))
        .isFalse();
  }

  @Test
  void refusesADamagedLength() {
    assertThatThrownBy(() -> new NalUnits(false, 4).split(new byte[] {0, 0, 0, 9, 0x65}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("NAL unit of 9 bytes, with 1 left");
  }

  @Test
  void refusesAFileWithoutPicture() throws Exception {
    Path sound = Media.made(folder.resolve("sound.m4a"), "-i {} -vn -c copy", ENGLISH);

    assertThatThrownBy(() -> Slices.read(sound)).hasMessageContaining("no picture");
  }
}
