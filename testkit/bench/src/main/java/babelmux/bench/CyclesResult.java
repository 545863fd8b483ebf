package babelmux.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a worker held between tenths of the cycles, and how long its streams took to start.
 *
 * @param starts of each tenth: from the request to the first packet, milliseconds
 * @param samples before the first tenth and after each, with no stream left
 * @param drained after the streams that were drained, with no stream left
 */
record CyclesResult(List<double[]> starts, List<ProcessSample> samples, ProcessSample drained) {
  private static final double MIB = 1 << 20;

  /** Threads and descriptors that come and go with the load: pools, idle connections. */
  private static final double MAX_LEFT = 10;

  /** By so much the last tenth may differ from the first on a machine that does other things. */
  private static final double MAX_SLOWER = 1.5;

  /** Heap and code that a JVM keeps differ by this much from one collection to the next. */
  private static final double MAX_GROWTH_MIB = 32;

  /** The figures, with goals where the acceptance page has one (row 14). */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    ProcessSample before = samples.get(0);
    ProcessSample middle = samples.get(samples.size() / 2);
    ProcessSample after = samples.get(samples.size() - 1);
    figures.add(Figure.of("streams started and ended", sum(), ""));
    Quantiles first = Quantiles.of(starts.get(0));
    Quantiles last = Quantiles.of(starts.get(starts.size() - 1));
    figures.add(Figure.of("request to first packet, first tenth, p50", first.p50(), "ms"));
    figures.add(Figure.of("request to first packet, last tenth, p50", last.p50(), "ms"));
    figures.add(Figure.of("request to first packet, first tenth, p99", first.p99(), "ms"));
    figures.add(
        Figure.goal(
            "request to first packet, last tenth, p99",
            last.p99(),
            "ms",
            MAX_SLOWER * first.p99()));
    figures.add(Figure.of("native objects before", before.nativeObjects(), ""));
    figures.add(
        Figure.goal(
            "native objects after the cycles", after.nativeObjects(), "", before.nativeObjects()));
    figures.add(
        Figure.goal(
            "native objects after the drained streams",
            drained.nativeObjects(),
            "",
            before.nativeObjects()));
    figures.add(left("threads left behind", after.threads() - before.threads()));
    figures.add(left("descriptors left behind", after.descriptors() - before.descriptors()));
    figures.add(
        Figure.of(
            "resident, growth in the first half",
            (middle.residentBytes() - before.residentBytes()) / MIB,
            "MiB"));
    figures.add(
        Figure.goal(
            "resident, growth in the second half",
            (after.residentBytes() - middle.residentBytes()) / MIB,
            "MiB",
            MAX_GROWTH_MIB));
    figures.add(Figure.of("resident at the end", drained.residentBytes() / MIB, "MiB"));
    figures.add(
        Figure.of(
            "CPU of a cycle", 1e3 * (after.cpuSeconds() - before.cpuSeconds()) / sum(), "ms"));
    return figures;
  }

  private int sum() {
    return starts.stream().mapToInt(tenth -> tenth.length).sum();
  }

  private static Figure left(String name, int number) {
    return Figure.goal(name, number, "", MAX_LEFT);
  }
}
