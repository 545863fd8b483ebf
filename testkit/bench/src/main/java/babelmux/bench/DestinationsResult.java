package babelmux.bench;

import babelmux.bench.PictureTap.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What viewers saw while a stream was sent to a healthy destination, one that is reset again and
 * again, and one that takes nothing.
 *
 * @param out the stream's own output
 * @param hole what the black hole's status said
 * @param dropped packets that the output did not get
 */
record DestinationsResult(
    List<Seen> out, List<Seen> healthy, List<Seen> flapping, Hole hole, double dropped) {
  private static final double LATENCY_MS = 2000;
  private static final long MAX_STEP_US = 60_000;

  /**
   * The black hole.
   *
   * @param downMs from the moment from which nothing passes until it is said to be down; negative
   *     if it never was
   * @param lastByteMs from the last byte that was taken until then
   * @param queueSeconds the longest of its queue
   * @param lastError its words
   */
  record Hole(double downMs, double lastByteMs, double queueSeconds, String lastError) {}

  DestinationsResult {
    out = List.copyOf(out);
    healthy = List.copyOf(healthy);
    flapping = List.copyOf(flapping);
  }

  List<Figure> figures() {
    List<Double> late = addedMs();
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("output: pictures", out.size(), ""));
    figures.add(Figure.goal("output: pictures missing", holes(out), "", 0));
    figures.add(Figure.goal("output: packets dropped", dropped, "", 0));
    figures.add(Figure.of("healthy destination: pictures", healthy.size(), ""));
    figures.add(Figure.goal("healthy destination: pictures missing", missing(), "", 0));
    figures.add(Figure.of("healthy destination: added latency p50", at(late, 0.5), "ms"));
    figures.add(
        Figure.goal("healthy destination: added latency max", at(late, 1), "ms", LATENCY_MS));
    figures.add(Figure.of("reset every 7 s: connections", connections(), ""));
    figures.add(Figure.of("reset every 7 s: pictures", flapping.size(), ""));
    figures.add(Figure.goal("reset every 7 s: GOPs that miss a picture", torn(), "", 0));
    figures.add(Figure.goal("black hole: down after it began", seconds(hole.downMs()), "s", 15));
    figures.add(
        Figure.goal("black hole: down after the last byte", seconds(hole.lastByteMs()), "s", 15));
    figures.add(Figure.goal("black hole: longest queue", hole.queueSeconds(), "s", 2.1));
    return figures;
  }

  /** Never down is far too late. */
  private static double seconds(double millis) {
    return millis < 0 ? 1e6 : millis / 1000;
  }

  /** Steps between two pictures that are longer than one. */
  private static int holes(List<Seen> pictures) {
    int holes = 0;
    for (int n = 1; n < pictures.size(); n++) {
      Seen before = pictures.get(n - 1);
      Seen now = pictures.get(n);
      holes += now.connection() != before.connection() || !follows(before, now) ? 1 : 0;
    }
    return holes;
  }

  private static boolean follows(Seen before, Seen now) {
    long step = now.dtsUs() - before.dtsUs();
    return step >= 0 && step < MAX_STEP_US;
  }

  /** Pictures of the output, from the healthy one's first to its last, that it did not get. */
  private int missing() {
    if (healthy.isEmpty()) {
      return out.size();
    }
    long first = healthy.get(0).dtsUs();
    long last = healthy.get(healthy.size() - 1).dtsUs();
    Map<Long, String> got = new HashMap<>();
    healthy.forEach(seen -> got.put(seen.dtsUs(), seen.sha256()));
    return (int)
        out.stream()
            .filter(seen -> seen.dtsUs() >= first && seen.dtsUs() <= last)
            .filter(seen -> !seen.sha256().equals(got.get(seen.dtsUs())))
            .count();
  }

  /** How much later each picture came than on the output. */
  private List<Double> addedMs() {
    Map<Long, Long> arrivals = new HashMap<>();
    out.forEach(seen -> arrivals.put(seen.dtsUs(), seen.arrivalNanos()));
    List<Double> added = new ArrayList<>();
    for (Seen seen : healthy) {
      Long arrival = arrivals.get(seen.dtsUs());
      if (arrival != null) {
        added.add((seen.arrivalNanos() - arrival) / 1e6);
      }
    }
    added.sort(null);
    return added;
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.isEmpty() ? 1e6 : sorted.get((int) ((sorted.size() - 1) * share));
  }

  private int connections() {
    return flapping.isEmpty() ? 0 : flapping.get(flapping.size() - 1).connection() + 1;
  }

  /** Pictures that neither follow the one before nor are keyframes. */
  private int torn() {
    int torn = 0;
    for (int n = 0; n < flapping.size(); n++) {
      Seen now = flapping.get(n);
      boolean joins = n == 0 || flapping.get(n - 1).connection() != now.connection();
      torn += !now.key() && (joins || !follows(flapping.get(n - 1), now)) ? 1 : 0;
    }
    return torn;
  }
}
