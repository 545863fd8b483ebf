package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.demo.Scrape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench start}: how soon a stream is read, and how punctually it leaves. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How soon a stream is read after its hook, and how punctually it leaves.",
      "First N publishes one after another; then M streams at once at a delay of 7 s (6 s segment, 0.5 s for",
      "an STS that answers at once, 0.5 s to put it on air). Takes about two and a half minutes."
    })
final class StartBench implements Callable<Integer> {
  private static final double FIRST_PACKET_GOAL_MS = 300;
  private static final Duration DELAY = Duration.ofSeconds(7);
  private static final String LATENESS = "worker_release_lateness_seconds";

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "20",
      description = "Publishes, one after another. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--streams",
      paramLabel = "M",
      defaultValue = "10",
      description = "Streams at once, for the lateness. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--seconds",
      paramLabel = "T",
      defaultValue = "60",
      description = "How long they run. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  StartBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (count < 1 || streams < 1 || seconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--count, --streams, --seconds: expected 1 or more of each");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<Figure> figures = new ArrayList<>();
    Path film = Distribution.fixture("30s-counting-english.mp4");
    String server;
    try (BenchSite site =
        BenchSite.start(bench.program(), origin.mediaMtx(), List.of("--delay", "7s"))) {
      server = site.originName();
      starts(site, film, figures);
      punctuality(site, film, figures);
    }
    BenchReport report =
        new BenchReport(
            "start",
            "./babelmux bench start --count %d --streams %d --seconds %d --mediamtx %s"
                .formatted(count, streams, seconds, origin.mediaMtx()),
            "Origin: "
                + server
                + "; delay 7 s; the worker is a process of its own, the STS answers at once.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private void starts(BenchSite site, Path film, List<Figure> figures)
      throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      String id = "start" + i;
      site.publish(id, film, Duration.ofSeconds(30));
      millis[i] = site.hookToFirstPacketNanos(id) / 1e6;
      site.unpublish();
    }
    figures.add(Figure.of("hook to first packet, first of the process", millis[0], "ms"));
    Quantiles all = Quantiles.of(count == 1 ? millis : Arrays.copyOfRange(millis, 1, count));
    figures.add(Figure.of("hook to first packet, p50 of the others", all.p50(), "ms"));
    figures.add(
        Figure.goal(
            "hook to first packet, p95 of all",
            Quantiles.of(millis).p95(),
            "ms",
            FIRST_PACKET_GOAL_MS));
    figures.add(Figure.of("hook to first packet, max of the others", all.max(), "ms"));
    for (int i = 0; i < count; i++) {
      site.awaitState("start" + i, Set.of("ENDED"), DELAY.plusSeconds(15));
    }
  }

  private void punctuality(BenchSite site, Path film, List<Figure> figures)
      throws IOException, InterruptedException {
    Duration length = DELAY.plusSeconds(seconds);
    for (int i = 0; i < streams; i++) {
      site.publish("run" + i, film, length);
      site.hookToFirstPacketNanos("run" + i);
    }
    Set<String> over = Set.of("ENDED");
    for (int i = 0; i < streams; i++) {
      site.awaitState("run" + i, over, length.plus(DELAY).plusSeconds(30));
    }
    Scrape scrape = site.scrape();
    figures.add(Figure.of("streams at once", streams, ""));
    figures.add(Figure.of("packets released", scrape.sum(LATENESS + "_count", Map.of()), ""));
    figures.add(
        Figure.of("lateness of a packet, p50 at most", scrape.bucketOf(LATENESS, 0.5) * 1e3, "ms"));
    figures.add(
        Figure.of(
            "lateness of a packet, p99 at most", scrape.bucketOf(LATENESS, 0.99) * 1e3, "ms"));
    figures.add(
        Figure.of(
            "lateness of a packet, max of the last minutes",
            scrape.max(LATENESS + "_max") * 1e3,
            "ms"));
    double answers = scrape.sum("worker_sts_rtt_ms_count", Map.of());
    figures.add(
        Figure.of(
            "fragment to an instant STS and back, mean",
            scrape.sum("worker_sts_rtt_ms_sum", Map.of()) / Math.max(1, answers),
            "ms"));
    figures.add(
        Figure.of(
            "segments dubbed",
            scrape.sum("worker_audio_fragments_total", Map.of("status", "processed")),
            ""));
    figures.add(
        Figure.goal(
            "segments not back within 0.5 s of their cut",
            scrape.sum("worker_fallback_total", Map.of("reason", "timeout")),
            "",
            0.0));
  }
}
