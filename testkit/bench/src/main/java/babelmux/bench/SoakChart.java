package babelmux.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws a soak's samples over time, as PNG. Needs no screen, but a font on the machine. */
final class SoakChart {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 1000;
  private static final double MIB = 1 << 20;
  private static final List<Color> COLORS =
      List.of(new Color(0xc0392b), new Color(0x2471a3), new Color(0x1e8449), new Color(0xb9770e));

  private record Line(String name, ToDoubleFunction<ProcessSample> value) {}

  private SoakChart() {}

  static void write(Path png, String title, List<ProcessSample> samples) throws IOException {
    CombinedDomainXYPlot all = new CombinedDomainXYPlot(new NumberAxis("minutes"));
    all.setGap(12);
    all.add(
        plot(
            "MiB",
            samples,
            new Line("resident (VmRSS)", sample -> sample.residentBytes() / MIB),
            new Line("Java heap, committed", sample -> sample.heapCommittedBytes() / MIB),
            new Line("Java heap, used", sample -> sample.heapUsedBytes() / MIB),
            new Line(
                "metaspace and compiled code", sample -> sample.nonHeapCommittedBytes() / MIB)),
        3);
    all.add(
        plot(
            "count",
            samples,
            new Line("threads", ProcessSample::threads),
            new Line("descriptors", ProcessSample::descriptors)),
        1);
    all.add(plot("count", samples, new Line("native objects", ProcessSample::nativeObjects)), 1);
    all.add(
        plot(
            "ms, count",
            samples,
            new Line("A/V error, ms", ProcessSample::avErrorMs),
            new Line("packets more than 100 ms late", ProcessSample::latePackets),
            new Line("fallbacks", ProcessSample::fallbacks)),
        1);
    JFreeChart chart = new JFreeChart(title, all);
    chart.setBackgroundPaint(Color.WHITE);
    ChartUtils.saveChartAsPNG(png.toFile(), chart, WIDTH, HEIGHT);
  }

  private static XYPlot plot(String unit, List<ProcessSample> samples, Line... lines) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    for (Line line : lines) {
      XYSeries series = new XYSeries(line.name());
      samples.forEach(sample -> series.add(sample.minute(), line.value().applyAsDouble(sample)));
      int index = data.getSeriesCount();
      data.addSeries(series);
      renderer.setSeriesPaint(index, COLORS.get(index));
      renderer.setSeriesStroke(index, new BasicStroke(1.5f));
    }
    NumberAxis axis = new NumberAxis(unit);
    axis.setAutoRangeIncludesZero(true);
    XYPlot plot = new XYPlot(data, null, axis, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    return plot;
  }
}
