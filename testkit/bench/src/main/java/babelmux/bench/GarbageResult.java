package babelmux.bench;

import babelmux.demo.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measurements of a run with garbage.
 *
 * @param samples in the order of their times, at least two
 * @param settledBytes live Java objects after the first third
 * @param endBytes the same at the end
 * @param before the worker's metrics before the first request
 * @param after the same after the last one
 * @param streams that were on air before
 */
record GarbageResult(
    GarbageTally tally,
    List<ProcessSample> samples,
    double settledBytes,
    double endBytes,
    Scrape before,
    Scrape after,
    int streams) {

  /** Until then compilers, caches and buffers reach their size. */
  static final double SETTLED = 1 / 3.0;

  private static final double HEALTH_GOAL_MS = 50;
  private static final double MIB = 1 << 20;
  private static final double LIVE_GOAL_MIB = 4;
  private static final double SLOPE_GOAL_MIB = 0.2;

  /** A shorter run says nothing about a slope. */
  private static final double MIN_SLOPE_MINUTES = 20;

  private static final double THREADS_GOAL = 4;
  private static final double DESCRIPTORS_GOAL = 16;

  GarbageResult {
    samples = List.copyOf(samples);
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(tally.figures(HEALTH_GOAL_MS));
    figures.add(
        Figure.goal(
            "live Java objects, growth after the first third",
            (endBytes - settledBytes) / MIB,
            "MiB",
            LIVE_GOAL_MIB));
    figures.add(Figure.of("live Java objects at the end", endBytes / MIB, "MiB"));
    figures.add(resident());
    figures.add(
        Figure.of(
            "resident at the end", samples.get(samples.size() - 1).residentBytes() / MIB, "MiB"));
    ProcessSample first = settled().get(0);
    ProcessSample last = samples.get(samples.size() - 1);
    figures.add(
        Figure.goal(
            "threads, growth after the first third",
            last.threads() - first.threads(),
            "",
            THREADS_GOAL));
    figures.add(
        Figure.goal(
            "descriptors, growth after the first third",
            last.descriptors() - first.descriptors(),
            "",
            DESCRIPTORS_GOAL));
    figures.add(
        Figure.goal(
            "streams that garbage has started",
            grown("worker_streams_started_total", Map.of()),
            "",
            0.0));
    figures.add(
        Figure.goal(
            "streams that garbage has ended",
            streams - after.sum("worker_streams", Map.of()),
            "",
            0.0));
    if (streams > 0) {
      stream(figures);
    }
    return figures;
  }

  private void stream(List<Figure> figures) {
    figures.add(
        Figure.of(
            "segments of the stream dubbed",
            grown("worker_audio_fragments_total", Map.of("status", "processed")),
            ""));
    figures.add(
        Figure.goal(
            "segments that fell back to original audio",
            grown("worker_fallback_total", Map.of()),
            "",
            0.0));
    figures.add(
        Figure.goal(
            "packets that the output did not get",
            grown("worker_packets_dropped_total", Map.of("reason", "destination")),
            "",
            0.0));
    figures.add(
        Figure.goal(
            "connections of the stream made again",
            grown("worker_source_reconnections_total", Map.of())
                + grown("worker_destination_reconnections_total", Map.of())
                + grown("worker_reconnection_total", Map.of()),
            "",
            0.0));
  }

  private double grown(String name, Map<String, String> labels) {
    return after.sum(name, labels) - before.sum(name, labels);
  }

  private Figure resident() {
    String name = "slope of resident memory after the first third";
    double slope =
        Trend.slope(
                settled().stream().mapToDouble(ProcessSample::minute).toArray(),
                settled().stream().mapToDouble(ProcessSample::residentBytes).toArray())
            / MIB;
    return minutes() < MIN_SLOPE_MINUTES
        ? Figure.of(name, slope, "MiB/min")
        : Figure.goal(name, slope, "MiB/min", SLOPE_GOAL_MIB);
  }

  private double minutes() {
    return samples.get(samples.size() - 1).minute();
  }

  private List<ProcessSample> settled() {
    double from = minutes() * SETTLED;
    return samples.stream().filter(sample -> sample.minute() >= from).toList();
  }
}
