package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ChartsTest {
  private static final int RATE = 48_000;

  @TempDir private Path folder;

  private static Sound tone(double hz, int seconds) {
    float[] sound = new float[seconds * RATE];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = (float) (0.5 * Math.sin(2 * Math.PI * hz * i / RATE));
    }
    return Sound.of(RATE, sound);
  }

  @Test
  void aSpectrogramIsBrightWhereTheToneIs() throws Exception {
    Path png = folder.resolve("spectrogram.png");

    Charts.spectrograms(png, List.of("tone"), List.of(tone(6000, 3)));

    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(brightestRow(image, 600)).isCloseTo(20 + 420 / 2, within(4));
  }

  private static int brightestRow(BufferedImage image, int x) {
    int best = 0;
    int most = -1;
    for (int y = 40; y < image.getHeight(); y++) {
      int rgb = image.getRGB(x, y);
      int sum = (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff);
      if (sum > most) {
        most = sum;
        best = y;
      }
    }
    return best;
  }

  @Test
  void errorsAndJointsAreDrawn() throws Exception {
    Path png = folder.resolve("meter.png");
    Recording source = Meter.read(ENGLISH);

    Charts.write(png, AvReport.of(source, source), tone(1000, 14), 0, 1000);

    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image.getHeight()).isEqualTo(3 * 220);
    assertThat(image.getWidth()).isEqualTo(1200);
    assertThat(coloured(image, 0)).isPositive();
    assertThat(coloured(image, 220)).isGreaterThan(coloured(image, 0));
  }

  private static int coloured(BufferedImage image, int fromRow) {
    int count = 0;
    for (int y = fromRow; y < fromRow + 220; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        count += Math.abs((rgb >> 16 & 0xff) - (rgb & 0xff)) > 40 ? 1 : 0;
      }
    }
    return count;
  }
}
