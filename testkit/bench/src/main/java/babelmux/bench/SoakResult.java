package babelmux.bench;

import babelmux.demo.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * Measurements of a soak.
 *
 * @param streams how many ran
 * @param bitRate of each, bits per second
 * @param samples in the order of their times, at least two
 * @param scrape the worker's metrics at the end
 */
record SoakResult(int streams, double bitRate, List<ProcessSample> samples, Scrape scrape) {
  private static final double MIB = 1 << 20;
  // The first third is for warming up: compilers, caches, buffers that reach their size once.
  private static final double SETTLED = 1 / 3.0;
  private static final double BASE_GOAL_MIB = 200;
  private static final double STREAM_GOAL_MIB = 15;
  private static final double SLOPE_GOAL_MIB = 0.2;
  // The HTTP client under the STS links keeps as many idle threads for a minute as were busy at
  // once, up to two a link: on a busy machine their number goes up and down.
  private static final double CONFIDENCE = 0.95;
  // A JVM that starts compiles and loads for minutes: its memory grows without a leak.
  private static final double SLOPE_MINUTES = 10;
  // Three in an hour.
  private static final double COUNT_SLOPE_GOAL = 0.05;
  private static final double AV_SLOPE_GOAL_MS = 0.1;
  private static final double THREADS_GOAL_PER_STREAM = 1;
  private static final double DESCRIPTORS_GOAL = 4;
  private static final double NATIVES_GOAL = 0.05;

  SoakResult {
    samples = List.copyOf(samples);
  }

  private double minutes() {
    return samples.get(samples.size() - 1).minute();
  }

  private List<ProcessSample> settled() {
    double from = minutes() * SETTLED;
    return samples.stream().filter(sample -> sample.minute() >= from).toList();
  }

  List<Figure> figures() {
    List<ProcessSample> settled = settled();
    List<ProcessSample> last = part(settled, 0.9, 1);
    List<ProcessSample> first = part(settled, 0, 0.1);
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("streams", streams, ""));
    figures.add(Figure.of("bit rate of each", bitRate / 1e6, "Mbit/s"));
    figures.add(Figure.of("measured", minutes(), "min"));
    figures.add(
        Figure.of("resident at the beginning", samples.get(0).residentBytes() / MIB, "MiB"));
    figures.add(
        Figure.goal(
            "resident at the end, max of the last minutes",
            last.stream().mapToDouble(ProcessSample::residentBytes).max().orElse(0) / MIB,
            "MiB",
            BASE_GOAL_MIB + STREAM_GOAL_MIB * streams));
    figures.add(
        Figure.of(
            "proportional (Pss) at the end",
            median(last, ProcessSample::proportionalBytes) / MIB,
            "MiB"));
    slope(
        figures,
        "resident memory",
        "MiB/min",
        sample -> sample.residentBytes() / MIB,
        SLOPE_GOAL_MIB);
    // Dead objects count until they are collected: a saw, of which neighbours are not independent.
    figures.add(
        Figure.of(
            "slope of Java heap in use after the first third",
            interval(sample -> sample.heapUsedBytes() / MIB).slope(),
            "MiB/min"));
    slope(figures, "threads", "1/min", ProcessSample::threads, COUNT_SLOPE_GOAL);
    slope(figures, "descriptors", "1/min", ProcessSample::descriptors, COUNT_SLOPE_GOAL);
    slope(
        figures,
        "native objects",
        "1/min",
        ProcessSample::nativeObjects,
        median(first, ProcessSample::nativeObjects) * NATIVES_GOAL / 60);
    slope(figures, "A/V error", "ms/min", ProcessSample::avErrorMs, AV_SLOPE_GOAL_MS);
    figures.add(
        Figure.of(
            "Java heap, committed at the end",
            median(last, ProcessSample::heapCommittedBytes) / MIB,
            "MiB"));
    figures.add(
        Figure.of(
            "Java heap, used at the end", median(last, ProcessSample::heapUsedBytes) / MIB, "MiB"));
    figures.add(
        Figure.of(
            "metaspace and compiled code at the end",
            median(last, ProcessSample::nonHeapCommittedBytes) / MIB,
            "MiB"));
    growth(
        figures,
        "threads",
        first,
        last,
        ProcessSample::threads,
        Math.max(2, streams * THREADS_GOAL_PER_STREAM));
    growth(figures, "descriptors", first, last, ProcessSample::descriptors, DESCRIPTORS_GOAL);
    double natives = median(first, ProcessSample::nativeObjects);
    growth(
        figures,
        "native objects",
        first,
        last,
        ProcessSample::nativeObjects,
        Math.ceil(natives * NATIVES_GOAL));
    cpu(figures, settled);
    Map<String, String> processed = Map.of("status", "processed");
    figures.add(
        Figure.of("segments dubbed", scrape.sum("worker_audio_fragments_total", processed), ""));
    figures.add(
        Figure.of(
            "segments that fell back to original audio",
            scrape.sum("worker_fallback_total", Map.of()),
            ""));
    return figures;
  }

  private static void growth(
      List<Figure> figures,
      String what,
      List<ProcessSample> first,
      List<ProcessSample> last,
      ToDoubleFunction<ProcessSample> value,
      double goal) {
    double end = median(last, value);
    figures.add(Figure.of(what + " at the end", end, ""));
    figures.add(
        Figure.goal(what + ", growth after the first third", end - median(first, value), "", goal));
  }

  private void cpu(List<Figure> figures, List<ProcessSample> settled) {
    ProcessSample from = settled.get(0);
    ProcessSample to = settled.get(settled.size() - 1);
    double seconds = (to.minute() - from.minute()) * 60;
    if (seconds > 0) {
      figures.add(
          Figure.of(
              "CPU per stream",
              100 * (to.cpuSeconds() - from.cpuSeconds()) / seconds / streams,
              "% of a core"));
    }
  }

  /** The samples between two parts of the time that all of them cover, one at least. */
  private static List<ProcessSample> part(List<ProcessSample> all, double from, double to) {
    int begin = (int) Math.min(all.size() - 1, Math.floor(from * all.size()));
    int end = (int) Math.max(begin + 1, Math.ceil(to * all.size()));
    return all.subList(begin, end);
  }

  private static double median(List<ProcessSample> samples, ToDoubleFunction<ProcessSample> value) {
    return new Median().evaluate(samples.stream().mapToDouble(value).toArray());
  }

  private Trend.Interval interval(ToDoubleFunction<ProcessSample> value) {
    List<ProcessSample> settled = settled();
    return Trend.interval(
        settled.stream().mapToDouble(ProcessSample::minute).toArray(),
        settled.stream().mapToDouble(value).toArray(),
        CONFIDENCE);
  }

  /** Flat is what cannot be told from a slope that is allowed: the interval's lower end decides. */
  private void slope(
      List<Figure> figures,
      String what,
      String unit,
      ToDoubleFunction<ProcessSample> value,
      double allowed) {
    Trend.Interval interval = interval(value);
    figures.add(Figure.of("slope of " + what + " after the first third", interval.slope(), unit));
    if (minutes() >= SLOPE_MINUTES && Double.isFinite(interval.low())) {
      figures.add(
          Figure.goal("slope of " + what + ", lower end (95 %)", interval.low(), unit, allowed));
    }
  }
}
