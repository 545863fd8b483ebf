package babelmux.meter;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Draws what was measured, as PNG. Needs no screen, but a font on the machine for the labels. Any
 * thread; blocks for the drawing.
 */
public final class Charts {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 220;
  private static final int MAX_JOINTS = 6;
  private static final double JOINT_SECONDS = 0.02;

  private Charts() {}

  /**
   * The A/V error of each pair over time, then the sound around the first joints, at multiples of 6
   * s; with a tone also what is left of it without the tone, ten times as high.
   *
   * @param recording null when the recording has no sound
   * @param shiftUs the recording's time less the source's
   * @param toneHz 0 for none
   */
  public static void write(
      Path png, AvReport marks, @Nullable Sound recording, long shiftUs, double toneHz)
      throws IOException {
    List<Plot> plots = new ArrayList<>();
    plots.add(errors(marks));
    if (recording != null) {
      int edge = (int) (0.11 * recording.rate());
      for (int joint = 1; joint <= MAX_JOINTS; joint++) {
        int at = recording.sampleAt(1_000_000L * joint * Comparison.SLOT_SECONDS + shiftUs);
        if (at > edge && at + edge < recording.length()) {
          plots.add(joint(recording, at, joint, toneHz));
        }
      }
    }
    write(png, plots);
  }

  /** The A/V error and the flashes' offset of a long recording, over minutes. */
  public static void write(Path png, DriftReport course) throws IOException {
    List<DriftReport.Point> points = course.points();
    double[] x = points.stream().mapToDouble(point -> point.atUs() / 60e6).toArray();
    double[] added = points.stream().mapToDouble(point -> point.addedUs() / 1000.0).toArray();
    double[] offset =
        points.stream()
            .mapToDouble(
                point -> (point.flashOffsetUs() - course.flashOffsets().medianUs()) / 1000.0)
            .toArray();
    write(
        png,
        List.of(
            new Plot("added A/V error, ms, over min", x, List.of(new Plot.Line(added, false))),
            new Plot(
                "time of each flash less the usual one, ms, over min",
                x,
                List.of(new Plot.Line(offset, false)))));
  }

  private static Plot errors(AvReport marks) {
    double[] x = marks.pairs().stream().mapToDouble(AvReport.Pair::second).toArray();
    double[] y = marks.pairs().stream().mapToDouble(pair -> pair.addedUs() / 1000.0).toArray();
    return new Plot("added A/V error, ms, over s", x, List.of(new Plot.Line(y, true)));
  }

  private static Plot joint(Sound sound, int at, int number, double toneHz) {
    int reach = (int) (JOINT_SECONDS * sound.rate());
    float[] channel = sound.channel(0);
    double[] x = new double[2 * reach];
    double[] wave = new double[2 * reach];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - reach) * 1000.0 / sound.rate();
      wave[i] = channel[at - reach + i];
    }
    List<Plot.Line> lines = new ArrayList<>(List.of(new Plot.Line(wave, false)));
    if (toneHz > 0) {
      double[] residual = Tones.of(sound, 0).residual(toneHz, at - reach, at + reach);
      for (int i = 0; i < residual.length; i++) {
        residual[i] *= 10;
      }
      lines.add(new Plot.Line(residual, false));
    }
    String more = toneHz > 0 ? "; red: without the tone, x 10" : "";
    return new Plot(
        "joint at %d s, ms around it%s".formatted(number * Comparison.SLOT_SECONDS, more),
        x,
        lines);
  }

  /** The spectrograms of several sounds, one below the other on the same scales: 0 to 12 kHz. */
  public static void spectrograms(Path png, List<String> names, List<Sound> sounds)
      throws IOException {
    List<BufferedImage> images = new ArrayList<>();
    for (int i = 0; i < sounds.size(); i++) {
      images.add(Spectrogram.draw(sounds.get(i), names.get(i), WIDTH, 2 * HEIGHT));
    }
    save(png, images);
  }

  private static void write(Path png, List<Plot> plots) throws IOException {
    save(png, plots.stream().map(plot -> plot.draw(WIDTH, HEIGHT)).toList());
  }

  private static void save(Path png, List<BufferedImage> parts) throws IOException {
    int height = parts.stream().mapToInt(BufferedImage::getHeight).sum();
    BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    int y = 0;
    for (BufferedImage part : parts) {
      image.getRaster().setRect(0, y, part.getRaster());
      y += part.getHeight();
    }
    if (!ImageIO.write(image, "png", png.toFile())) {
      throw new IOException(png + ": PNG cannot be written by this JDK");
    }
  }
}
