package babelmux.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The windows of {@link PerformanceBench}, and what they say. One thread. */
final class PerformanceResult {
  private static final double MIB = 1 << 20;

  private final double goal;
  private final Map<Integer, Double> goals = new HashMap<>();
  private final List<Window> windows = new ArrayList<>();

  /**
   * A window.
   *
   * @param worker whether the worker was measured, else ffmpeg
   * @param streams at once
   * @param cpu seconds of CPU time for a second of one stream
   * @param residentBytes of all processes that were measured, at its end
   * @param publishers CPU of what sends the streams and stands in for the STS, cores
   * @param use share of the whole machine's CPU time that was used, by whomever, 0 to 1
   */
  record Window(
      boolean worker, int streams, double cpu, long residentBytes, double publishers, double use) {}

  /**
   * @param goal the most that the worker may take of what ffmpeg takes
   */
  PerformanceResult(double goal) {
    this.goal = goal;
  }

  /** Another goal, for a number of streams. */
  void goal(int streams, double ratio) {
    goals.put(streams, ratio);
  }

  /**
   * The largest number of streams at which both leave the rest of the machine unused, by straight
   * lines through what they used at the numbers that were measured; 0 when not even one.
   *
   * @param share of the machine, 0 to 1
   */
  int largestUnder(double share) {
    return Math.min(largestUnder(share, true), largestUnder(share, false));
  }

  private int largestUnder(double share, boolean worker) {
    List<Window> own = windows.stream().filter(each -> each.worker() == worker).toList();
    return CapacityModel.Line.through(
            own.stream().mapToDouble(Window::streams).toArray(),
            own.stream().mapToDouble(Window::use).toArray())
        .streamsAt(share);
  }

  void add(Window window) {
    windows.add(window);
  }

  List<Window> windows() {
    return List.copyOf(windows);
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    for (int streams : new TreeSet<>(windows.stream().map(Window::streams).toList())) {
      String at = streams + (streams == 1 ? " stream" : " streams");
      List<Window> worker = of(true, streams);
      List<Window> ffmpeg = of(false, streams);
      add(figures, at + ": worker", worker);
      add(figures, at + ": ffmpeg", ffmpeg);
      double ratio = mean(worker) / mean(ffmpeg);
      double most = goals.getOrDefault(streams, goal);
      figures.add(Figure.goal(at + ": worker : ffmpeg", ratio, "", most));
      figures.add(Figure.of(at + ": machine in use, worker", 100 * use(worker), "%"));
      figures.add(Figure.of(at + ": machine in use, ffmpeg", 100 * use(ffmpeg), "%"));
      figures.add(Figure.of(at + ": worker, resident", resident(worker), "MiB"));
      figures.add(Figure.of(at + ": ffmpeg, resident", resident(ffmpeg), "MiB"));
      figures.add(
          Figure.of(
              at + ": publishers and STS, not counted",
              100 * worker.stream().mapToDouble(Window::publishers).average().orElse(0),
              "% of a core"));
    }
    return figures;
  }

  private static void add(List<Figure> figures, String name, List<Window> windows) {
    figures.add(Figure.of(name + ", CPU per stream", 100 * mean(windows), "% of a core"));
    figures.add(Figure.of(name + ", ±", 100 * spread(windows), "% of a core"));
  }

  private List<Window> of(boolean worker, int streams) {
    return windows.stream()
        .filter(each -> each.worker() == worker && each.streams() == streams)
        .toList();
  }

  private static double mean(List<Window> windows) {
    return windows.stream().mapToDouble(Window::cpu).average().orElse(Double.NaN);
  }

  private static double spread(List<Window> windows) {
    return windows.stream().mapToDouble(Window::cpu).summaryStatistics().getMax() / 2
        - windows.stream().mapToDouble(Window::cpu).summaryStatistics().getMin() / 2;
  }

  private static double use(List<Window> windows) {
    return windows.stream().mapToDouble(Window::use).average().orElse(Double.NaN);
  }

  private static double resident(List<Window> windows) {
    return windows.stream().mapToLong(Window::residentBytes).average().orElse(Double.NaN) / MIB;
  }
}
