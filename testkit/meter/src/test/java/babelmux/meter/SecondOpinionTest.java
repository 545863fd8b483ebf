package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FFmpeg's own muxers write of the fixture is what the meter sees. */
@Tag("slow")
class SecondOpinionTest {
  @TempDir private Path folder;

  @Test
  void ffmpegAgreesOnPictures() throws Exception {
    Path list = Media.made(folder.resolve("pictures.txt"), "-i {} -an -f framecrc", ENGLISH);
    // Stream, DTS, PTS, duration, size, checksum; the comments name the time base 1/30.
    List<Long> pictures =
        Files.readAllLines(list).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> Math.round(Long.parseLong(line.split(",")[2].strip()) * 1e6 / 30))
            .toList();

    assertThat(Files.readString(list)).contains("#tb 0: 1/30");
    assertThat(pictures).hasSize(900);
    for (Flash flash : Meter.read(ENGLISH).flashes()) {
      assertThat(pictures).contains(flash.ptsUs());
    }
  }

  @Test
  void ffmpegAgreesOnSamples() throws Exception {
    Path raw =
        Media.made(folder.resolve("sound.f32"), "-i {} -vn -c:a pcm_f32le -f f32le", ENGLISH);
    ByteBuffer samples = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    float[] left = Sound.read(ENGLISH).channel(0);

    assertThat(Objects.requireNonNull(Meter.read(ENGLISH).audio()).durationSamples())
        .isEqualTo(1_440_000);
    assertThat(samples.remaining() / 8).isBetween(1_440_000, 1_440_768);
    for (int i = 0; i < left.length; i++) {
      assertThat(samples.getFloat(8 * i)).isEqualTo(left[i]);
    }
  }
}
