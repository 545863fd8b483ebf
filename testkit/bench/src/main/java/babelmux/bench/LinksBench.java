package babelmux.bench;

import babelmux.worker.config.Durations;
import babelmux.worker.sts.FallbackReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench links}: the links to the STS service under faults. */
@Command(
    name = "links",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whether the links to the STS service survive whatever the service does.",
      "Links alone, no media: prepared fragments to a stand-in service in this process that delays, drops,",
      "doubles, refuses, lies, hangs and hangs up by a seeded plan; then a recovery in which each must dub again."
    })
final class LinksBench implements Callable<Integer> {
  private static final double MAX_HEAP_GROWTH_MIB = 16;
  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();

  @Option(
      names = "--links",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int links;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "Of the faults, 5s or more. Default: ${DEFAULT-VALUE}.")
  private String duration = "10m";

  @Option(
      names = "--segment",
      paramLabel = "TIME",
      defaultValue = "6s",
      description = "A fragment of each link comes so often, 1s to 6s. Default: ${DEFAULT-VALUE}.")
  private String segment = "6s";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides which fragment meets which fault. Default: ${DEFAULT-VALUE}.")
  private int seed;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  LinksBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    LinkDrill drill = drill();
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    LinkDrill.Result result = drill.run(progress::show);
    progress.end();
    List<Figure> figures = figures(result);
    BenchReport report =
        new BenchReport(
            "links",
            "./babelmux bench links --links %d --duration %s --segment %s --seed %d"
                .formatted(links, duration, segment, seed),
            "%d links for %s, a fragment of each every %s, then a recovery; links and service in one process."
                .formatted(links, duration, segment),
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private LinkDrill drill() {
    Duration whole = time("--duration", duration, 5_000, 86_400_000);
    Duration one = time("--segment", segment, 1_000, 6_000);
    if (links < 1 || links > 1_000) {
      throw new ParameterException(
          spec.commandLine(), "--links: %d, expected 1 to 1000".formatted(links));
    }
    return new LinkDrill(links, whole, one, seed);
  }

  private Duration time(String option, String value, long minMillis, long maxMillis) {
    try {
      Duration time = Durations.parse(value);
      if (time.toMillis() >= minMillis && time.toMillis() <= maxMillis) {
        return time;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the limits.
    }
    throw new ParameterException(
        spec.commandLine(),
        "%s: '%s', expected a time of %d to %d ms".formatted(option, value, minMillis, maxMillis));
  }

  /** The result as numbers, those that must hold with their goals. */
  static List<Figure> figures(LinkDrill.Result result) {
    DrillTally tally = result.tally();
    List<Figure> figures = new ArrayList<>();
    figures.add(count("fragments", tally.submitted.sum()));
    figures.add(count("dubbed", tally.dubbed.sum()));
    for (FallbackReason reason : FallbackReason.values()) {
      figures.add(count("fallen back, " + reason.tag(), tally.fallbacks(reason)));
    }
    figures.add(count("answers that came too late", tally.late.sum()));
    figures.add(count("protocol violations of the service", tally.violations()));
    figures.add(count("attempts to reconnect", result.reconnects()));
    figures.add(count("openings of a breaker", tally.breakerOpenings.sum()));
    figures.add(none("fragments not settled", tally.unsettled()));
    figures.add(
        none(
            "fragments settled in two ways, or not reported",
            tally.contradictions.sum() + result.unmatched()));
    figures.add(none("in flight at the end", result.inFlight()));
    figures.add(none("links that do not dub again in the recovery", result.stuck()));
    figures.add(none("closing handshakes that take too long", result.unparted()));
    figures.add(
        Figure.of("latest settlement after a deadline", tally.overdueNanos.get() / 1e6, "ms"));
    figures.add(count("threads, a fifth into the faults", result.warm().threads()));
    figures.add(count("threads, end of the faults", result.faulty().threads()));
    figures.add(
        Figure.goal(
            "threads left behind", result.after().threads() - result.before().threads(), "", 2.0));
    figures.add(
        Figure.goal(
            "descriptors left behind",
            (double) result.after().descriptors() - result.before().descriptors(),
            "",
            4.0));
    figures.add(Figure.of("heap, a fifth into the faults", result.warm().heapBytes() / MIB, "MiB"));
    figures.add(Figure.of("heap, end of the faults", result.faulty().heapBytes() / MIB, "MiB"));
    figures.add(
        Figure.goal(
            "heap left behind",
            (result.after().heapBytes() - result.before().heapBytes()) / MIB,
            "MiB",
            MAX_HEAP_GROWTH_MIB));
    return figures;
  }

  private static Figure count(String name, long number) {
    return Figure.of(name, (double) number, "");
  }

  /** Figure of what must not happen: its goal is 0. */
  private static Figure none(String name, long number) {
    return Figure.goal(name, (double) number, "", 0.0);
  }
}
