package babelmux.meter;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Lines over a common axis.
 *
 * @param x rising
 */
record Plot(String title, double[] x, List<Line> lines) {
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 26;
  private static final int BOTTOM = 24;
  private static final List<Color> COLOURS = List.of(new Color(0x1f5fa8), new Color(0xc03030));

  /**
   * One line.
   *
   * @param y as many as x
   * @param points whether each value is drawn as a point
   */
  record Line(double[] y, boolean points) {}

  BufferedImage draw(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    double low = lines.stream().flatMapToDouble(l -> Arrays.stream(l.y)).min().orElse(0);
    double high = lines.stream().flatMapToDouble(l -> Arrays.stream(l.y)).max().orElse(0);
    // Around 0, so that a small error does not look like a large one.
    double reach = Math.max(Math.max(Math.abs(low), Math.abs(high)), 1e-3);
    frame(pen, width, height, reach);
    for (int i = 0; i < lines.size(); i++) {
      pen.setColor(COLOURS.get(i % COLOURS.size()));
      line(pen, width, height, reach, lines.get(i));
    }
    pen.dispose();
    return image;
  }

  private void frame(Graphics2D pen, int width, int height, double reach) {
    int middle = TOP + (height - TOP - BOTTOM) / 2;
    pen.setColor(Color.LIGHT_GRAY);
    pen.drawRect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
    pen.drawLine(LEFT, middle, width - RIGHT, middle);
    pen.setColor(Color.DARK_GRAY);
    pen.drawString(title, LEFT, TOP - 8);
    pen.drawString(text(reach), 8, TOP + 10);
    pen.drawString("0", 8, middle + 5);
    pen.drawString(text(-reach), 8, height - BOTTOM);
    if (x.length > 0) {
      pen.drawString(text(x[0]), LEFT, height - 6);
      pen.drawString(text(x[x.length - 1]), width - RIGHT - 40, height - 6);
    }
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.2f", value);
  }

  private void line(Graphics2D pen, int width, int height, double reach, Line line) {
    int fromX = 0;
    int fromY = 0;
    double span = x.length == 0 ? 1 : Math.max(1e-9, x[x.length - 1] - x[0]);
    for (int i = 0; i < x.length; i++) {
      int atX = LEFT + (int) ((x[i] - x[0]) / span * (width - LEFT - RIGHT));
      double share = (1 - line.y[i] / reach) / 2;
      int atY = TOP + (int) (share * (height - TOP - BOTTOM));
      if (i > 0) {
        pen.drawLine(fromX, fromY, atX, atY);
      }
      if (line.points) {
        pen.fillOval(atX - 3, atY - 3, 6, 6);
      }
      fromX = atX;
      fromY = atY;
    }
  }
}
