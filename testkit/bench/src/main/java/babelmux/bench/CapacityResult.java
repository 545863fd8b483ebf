package babelmux.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link CapacityBench} found.
 *
 * @param trials in their order, those at the end included
 * @param largest number of streams that was carried, and carried again at the end; 0 for none
 * @param stsLimitMillis time that the STS had for a fragment
 * @param hookMillis hook to first packet of one more stream beside {@code largest}; empty for none
 * @param delays the smallest delays that were found
 * @param dubbed whether an STS was part of it
 */
record CapacityResult(
    List<CapacityTrial> trials,
    int largest,
    long stsLimitMillis,
    double[] hookMillis,
    List<DelaySearch.Result> delays,
    boolean dubbed) {
  private static final double HOOK_GOAL_MS = 300;
  private static final double OVERHEAD_GOAL_MS = 300;
  private static final double MIB = 1 << 20;
  private static final List<Integer> STREAMS = List.of(60, 100);

  CapacityResult {
    trials = List.copyOf(trials);
    delays = List.copyOf(delays);
  }

  private List<CapacityTrial> carried() {
    return trials.stream().filter(each -> each.carried() && each.streams() <= largest).toList();
  }

  /** Failed trial with the fewest streams, the last of them; null when none failed. */
  private @Nullable CapacityTrial failed() {
    return trials.stream()
        .filter(each -> !each.carried() && each.streams() > largest)
        .reduce((a, b) -> b.streams() <= a.streams() ? b : a)
        .orElse(null);
  }

  /** Lines through the trials; empty when all that were carried had the same number of streams. */
  private Optional<CapacityModel> model() {
    List<CapacityTrial> carried = carried();
    return carried.stream().mapToInt(CapacityTrial::streams).distinct().count() < 2
        ? Optional.empty()
        : Optional.of(new CapacityModel(carried));
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("largest number of streams without a late packet", largest, ""));
    CapacityTrial failed = failed();
    if (failed != null) {
      figures.add(Figure.of("smallest number that failed", failed.streams(), ""));
    }
    if (carried().isEmpty()) {
      return figures;
    }
    CapacityTrial last = carried().get(carried().size() - 1);
    String at = "at " + last.streams() + ": ";
    figures.add(Figure.of(at + "CPU of the machine", 100 * last.use().busy(), "%"));
    figures.add(Figure.of(at + "worker, CPU", 100 * last.use().worker(), "% of a core"));
    figures.add(Figure.of(at + "MediaMTX, CPU", 100 * last.use().server(), "% of a core"));
    figures.add(Figure.of(at + "publishers and STS, CPU", 100 * last.use().load(), "% of a core"));
    figures.add(Figure.of(at + "worker, resident", last.use().workerBytes() / MIB, "MiB"));
    figures.add(Figure.of(at + "MediaMTX, resident", last.use().serverBytes() / MIB, "MiB"));
    model()
        .ifPresent(
            model -> {
              line(figures, "worker, CPU", model.worker(), 100, "% of a core");
              line(figures, "MediaMTX, CPU", model.server(), 100, "% of a core");
              line(figures, "worker, resident", model.workerBytes(), 1 / MIB, "MiB");
              line(figures, "MediaMTX, resident", model.serverBytes(), 1 / MIB, "MiB");
            });
    figures.add(
        Figure.of(
            "bit rate of a stream", last.use().bitsPerSecond() / last.streams() / 1e6, "Mbit/s"));
    if (hookMillis.length > 0) {
      Quantiles hooks = Quantiles.of(hookMillis);
      figures.add(Figure.of("hook to first packet beside them, p50", hooks.p50(), "ms"));
      figures.add(
          Figure.goal("hook to first packet beside them, p95", hooks.p95(), "ms", HOOK_GOAL_MS));
    }
    delays.forEach(each -> delay(figures, each));
    return figures;
  }

  private static void line(
      List<Figure> figures, String what, CapacityModel.Line line, double factor, String unit) {
    figures.add(Figure.of(what + ", fixed part", factor * line.fixed(), unit));
    figures.add(Figure.of(what + ", each stream", factor * line.each(), unit));
  }

  private static void delay(List<Figure> figures, DelaySearch.Result delay) {
    String of = delay.streams() + (delay.streams() == 1 ? " stream: " : " streams: ");
    figures.add(Figure.of(of + "smallest delay without a fallback", delay.delayMillis(), "ms"));
    figures.add(Figure.of(of + "STS round trip, p50", delay.roundTrips().p50(), "ms"));
    figures.add(Figure.of(of + "STS round trip, max", delay.roundTrips().max(), "ms"));
    figures.add(Figure.of(of + "cut to sent, max", delay.beforeSent().max(), "ms"));
    figures.add(Figure.of(of + "answer to dub that fits, max", delay.afterAnswer().max(), "ms"));
    figures.add(
        Figure.goal(
            of + "delay beyond segment and slowest round trip",
            delay.overheadMillis(),
            "ms",
            OVERHEAD_GOAL_MS));
    if (delay.up() > 0) {
      figures.add(Figure.of("to the STS, a stream", delay.up() / 1e3, "kB/s"));
      figures.add(Figure.of("from the STS, a stream", delay.down() / 1e3, "kB/s"));
    }
  }

  /** Sentences for an operator. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    CapacityTrial failed = failed();
    if (failed == null) {
      notes.add(
          ("Nothing ran out up to %d streams. Try more: what is extrapolated below rests on the CPU"
                  + " that was used, not on what can be.")
              .formatted(largest));
    } else {
      CapacityVerdict verdict = CapacityVerdict.of(failed, stsLimitMillis);
      notes.add("What ran out first: " + verdict.cause() + ".");
      notes.addAll(verdict.sentences());
    }
    if (model().isEmpty()) {
      notes.add("Nothing is extrapolated: that takes two numbers of streams that were carried.");
    }
    double up = delays.stream().mapToDouble(DelaySearch.Result::up).max().orElse(0);
    double down = delays.stream().mapToDouble(DelaySearch.Result::down).max().orElse(0);
    for (int streams : STREAMS) {
      if (dubbed && up > 0 && !carried().isEmpty()) {
        notes.add(
            String.format(
                Locale.ROOT,
                "STS for %d streams, extrapolated: one fragment of 6 s of each stream in the work at a"
                    + " time, so %.1f fragments a second; %.1f Mbit/s to it and %.1f Mbit/s back.",
                streams,
                streams / 6.0,
                streams * up * 8 / 1e6,
                streams * down * 8 / 1e6));
      }
    }
    return notes;
  }

  List<BenchTable> tables() {
    List<BenchTable> tables = new ArrayList<>();
    tables.add(new BenchTable("Trials", HEAD, trials.stream().map(CapacityResult::row).toList()));
    model()
        .ifPresent(
            model -> {
              tables.add(model.machines());
              tables.add(model.needs());
            });
    return tables;
  }

  private static final List<String> HEAD =
      List.of(
          "streams",
          "result",
          "machine busy",
          "worker",
          "MediaMTX",
          "publishers, STS",
          "others",
          "waited for a core",
          "steal",
          "worker, resident");

  private static List<String> row(CapacityTrial trial) {
    CapacityTrial.Use use = trial.use();
    return List.of(
        Integer.toString(trial.streams()),
        trial.carried() ? "carried" : String.join(", ", trial.faults()),
        share(use.busy()),
        cores(use.worker()),
        cores(use.server()),
        cores(use.load()),
        cores(use.others()),
        Double.isNaN(use.waited()) ? "unknown" : share(use.waited()),
        share(use.stolen()),
        String.format(Locale.ROOT, "%.0f MiB", use.workerBytes() / MIB));
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * value);
  }

  private static String cores(double value) {
    return String.format(Locale.ROOT, "%.2f cores", value);
  }
}
