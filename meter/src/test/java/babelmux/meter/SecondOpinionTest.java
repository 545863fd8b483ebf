package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.junit.jupiter.api.Test;

/** What JavaCV's own reader sees in the fixture is what the meter sees. */
class SecondOpinionTest {
  @Test
  void javaCvAgreesOnPicturesAndSamples() throws Exception {
    Recording measured = Meter.read(ENGLISH);
    Sound sound = Sound.read(ENGLISH);
    List<Long> pictures = new ArrayList<>();
    List<Short> samples = new ArrayList<>();
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(ENGLISH.toFile())) {
      grabber.setImageMode(FrameGrabber.ImageMode.RAW);
      grabber.start();
      for (Frame frame = grabber.grab(); frame != null; frame = grabber.grab()) {
        if (frame.samples != null) {
          ShortBuffer left = (ShortBuffer) frame.samples[0];
          for (int i = 0; i < left.limit(); i += frame.audioChannels) {
            samples.add(left.get(i));
          }
        } else {
          pictures.add(frame.timestamp);
        }
      }
    }

    assertThat(pictures).hasSize(900);
    for (Flash flash : measured.flashes()) {
      assertThat(pictures).contains(flash.ptsUs());
    }
    assertThat(Objects.requireNonNull(measured.audio()).durationSamples()).isEqualTo(1_440_000);
    // JavaCV keeps the 768 samples of the last frame that lie beyond the end.
    assertThat(samples).hasSize(1_440_768);
    float[] left = sound.channel(0);
    for (int i = 0; i < left.length; i++) {
      assertThat(Math.abs(left[i] * 32768 - samples.get(i))).isLessThan(2);
    }
  }
}
