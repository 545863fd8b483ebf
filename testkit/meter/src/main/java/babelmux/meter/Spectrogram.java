package babelmux.meter;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Frequency over time, as brightness: 0 to 12 kHz, -96 to 0 dBFS. */
final class Spectrogram {
  private static final int SIZE = 2048;
  private static final double HIGHEST_HZ = 12_000;
  private static final double FLOOR_DB = -96;
  private static final int LEVELS = 16;
  private static final int TOP = 20;
  private static final int LEFT = 50;

  private Spectrogram() {}

  static BufferedImage draw(Sound sound, String title, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    float[] mono = sound.mono();
    int columns = width - LEFT;
    int rows = height - TOP;
    for (int column = 0; column < columns; column++) {
      int centre = (int) ((long) mono.length * column / columns);
      double[] decibels = Spectrum.decibels(mono, centre - SIZE / 2, SIZE);
      for (int row = 0; row < rows; row++) {
        double hz = HIGHEST_HZ * (rows - 1 - row) / rows;
        int bin = Math.min(decibels.length - 1, (int) Math.round(hz * SIZE / sound.rate()));
        image.setRGB(LEFT + column, TOP + row, colour(decibels[bin]));
      }
    }
    label(image, sound, title, columns, rows);
    return image;
  }

  private static void label(BufferedImage image, Sound sound, String title, int columns, int rows) {
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.drawString(title, LEFT, TOP - 6);
    for (int khz = 2; khz < 12; khz += 2) {
      int y = TOP + rows - (int) (rows * khz * 1000 / HIGHEST_HZ);
      pen.drawString(khz + " kHz", 4, y + 4);
    }
    double seconds = (double) sound.length() / sound.rate();
    int every = seconds > 12 ? 6 : 1;
    for (int second = every; second < seconds; second += every) {
      int x = LEFT + (int) (columns * second / seconds);
      pen.drawLine(x, TOP, x, TOP + 6);
      pen.drawString(second + " s", x + 3, TOP + 12);
    }
    pen.dispose();
  }

  /** Black over violet and orange to white. */
  private static int colour(double decibels) {
    // In steps: they show no less, and noise in a million colours makes a file of megabytes.
    double share =
        Math.round(LEVELS * Math.max(0, Math.min(1, 1 - decibels / FLOOR_DB))) / (double) LEVELS;
    int red = (int) (255 * Math.min(1, 1.6 * share));
    int green = (int) (255 * Math.max(0, Math.min(1, 2 * share - 0.8)));
    int blue = (int) (255 * (share < 0.5 ? share : Math.max(0, 3 * share - 2 + 0.5 - share)));
    return red << 16 | green << 8 | Math.max(0, Math.min(255, blue));
  }
}
