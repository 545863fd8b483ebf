package babelmux.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;
import org.jfree.data.statistics.Statistics;

/** Draws CPU per stream beside ffmpeg's, as PNG. Needs no screen, but a font on the machine. */
final class PerformanceChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;

  private PerformanceChart() {}

  static void write(Path png, List<PerformanceResult.Window> windows) throws IOException {
    DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
    for (int streams : new TreeSet<>(windows.stream().map(each -> each.streams()).toList())) {
      for (boolean worker : new boolean[] {true, false}) {
        Double[] values =
            windows.stream()
                .filter(each -> each.worker() == worker && each.streams() == streams)
                .map(each -> 100 * each.cpu())
                .toArray(Double[]::new);
        double deviation = values.length < 2 ? 0 : Statistics.getStdDev(values);
        data.add(
            Statistics.calculateMean(values),
            deviation,
            worker ? "worker" : "ffmpeg",
            Integer.toString(streams));
      }
    }
    JFreeChart chart =
        ChartFactory.createBarChart(
            "CPU per stream, with the standard deviation of the windows",
            "streams at once",
            "% of a core",
            data);
    chart.setBackgroundPaint(Color.WHITE);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    StatisticalBarRenderer renderer = new StatisticalBarRenderer();
    renderer.setSeriesPaint(0, new Color(0x2471a3));
    renderer.setSeriesPaint(1, new Color(0xb9770e));
    renderer.setErrorIndicatorPaint(Color.BLACK);
    plot.setRenderer(renderer);
    ChartUtils.saveChartAsPNG(png.toFile(), chart, WIDTH, HEIGHT);
  }
}
