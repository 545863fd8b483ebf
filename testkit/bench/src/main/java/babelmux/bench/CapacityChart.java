package babelmux.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws who used the CPU in each trial, as PNG. Needs no screen, but a font on the machine. */
final class CapacityChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final List<Color> COLORS =
      List.of(new Color(0x2471a3), new Color(0x1e8449), new Color(0xb9770e), new Color(0xc0392b));

  private CapacityChart() {}

  /**
   * @param largest number of streams that was carried; drawn as a line
   */
  static void write(Path png, List<CapacityTrial> trials, int largest) throws IOException {
    XYSeriesCollection data = new XYSeriesCollection();
    data.addSeries(series("worker", trials, CapacityTrial.Use::worker));
    data.addSeries(series("MediaMTX", trials, CapacityTrial.Use::server));
    data.addSeries(series("publishers and STS", trials, CapacityTrial.Use::load));
    data.addSeries(series("all programs", trials, use -> use.busy() * use.cores()));
    JFreeChart chart =
        ChartFactory.createXYLineChart(
            "CPU of each trial; the line is the largest number without a late packet",
            "streams at once",
            "cores",
            data);
    chart.setBackgroundPaint(Color.WHITE);
    XYPlot plot = chart.getXYPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.addDomainMarker(new ValueMarker(largest, Color.BLACK, new BasicStroke(1)));
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    for (int i = 0; i < COLORS.size(); i++) {
      renderer.setSeriesPaint(i, COLORS.get(i));
    }
    plot.setRenderer(renderer);
    ChartUtils.saveChartAsPNG(png.toFile(), chart, WIDTH, HEIGHT);
  }

  private static XYSeries series(
      String name, List<CapacityTrial> trials, ToDoubleFunction<CapacityTrial.Use> value) {
    XYSeries series = new XYSeries(name);
    trials.forEach(each -> series.add(each.streams(), value.applyAsDouble(each.use())));
    return series;
  }
}
