package babelmux.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench capacity}: the streams that this machine carries. */
@Command(
    name = "capacity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The largest number of streams of which no packet leaves over 100 ms late, and what ran out"
          + " first.",
      "Worker, MediaMTX, publishers and STS share the machine. The number is doubled until one fails"
          + " twice, then",
      "bisected. At the largest one it measures how soon one more stream is read, and how small the"
          + " delay can be.",
      "What larger machines and more streams need is extrapolated. Linux only. Takes up to 20 min."
    })
final class CapacityBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofSeconds(8);

  /** What a delay of 8 s leaves for the STS. */
  private static final long STS_LIMIT_MILLIS = 1500;

  private static final int MAX_STREAMS = 1000;
  private static final int HOOKS = 20;

  /** Trials at the end, two for each number. */
  private static final int CONFIRMATIONS = 6;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "8",
      description = "The number to begin with. Default: ${DEFAULT-VALUE}.")
  private int from;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "200",
      description = "The largest number to try, up to 1000. Default: ${DEFAULT-VALUE}.")
  private int max;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "12",
      description =
          "No new trial of the search begins after that; the rest takes up to 8 more. 1 to 600. Default:"
              + " ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(
      names = "--seconds",
      paramLabel = "T",
      defaultValue = "20",
      description = "Length of the window of a trial, 5 to 600. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "T",
      defaultValue = "8",
      description = "Seconds in front of each window, up to 600. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--original",
      description =
          "Nothing is dubbed: the original is heard in all slots, as the packets that it came as.")
  private boolean original;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the CPU of the trials into this PNG file.")
  private @Nullable Path picture;

  private boolean searchEnded;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  CapacityBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean valid =
        from >= 1
            && max >= 1
            && max <= MAX_STREAMS
            && minutes >= 1
            && minutes <= 600
            && seconds >= 5
            && seconds <= 600
            && warmUpSeconds >= 0
            && warmUpSeconds <= 600;
    if (!valid) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --from 1 or more, --max 1 to %d, --minutes 1 to 600, --seconds 5 to 600, --warm-up 0 to 600"
              .formatted(MAX_STREAMS));
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    CapacityResult result;
    String server;
    try (SoakFilm film = SoakFilm.make()) {
      List<CapacityTrial> trials = new ArrayList<>();
      double[] hooks = new double[0];
      double untilAnswer = 0;
      int largest;
      try (BenchSite site = site(List.of("--delay", "8s"), Map.of(), direct -> direct)) {
        server = site.originName();
        CapacityRun run = new CapacityRun(site, film, DELAY);
        largest = search(run, trials, progress);
        Instant since = Instant.now();
        largest = confirm(run, largest, trials, progress);
        if (largest > 0) {
          untilAnswer =
              run.segments(since).stream().mapToDouble(SegmentTimes::untilAnswer).max().orElse(0);
          progress.show("hooks, streams: %d".formatted(largest));
          hooks = run.hooks(HOOKS);
        }
      }
      List<DelaySearch.Result> delays = new ArrayList<>();
      if (largest > 0 && !original) {
        for (int streams : largest == 1 ? List.of(1) : List.of(1, largest)) {
          progress.show("smallest delay, streams: %d".formatted(streams));
          DelaySearch.Result found =
              DelaySearch.search(
                  this::site, film, streams, streams == 1 ? 0 : untilAnswer, warmUpSeconds);
          if (found != null) {
            delays.add(found);
          }
        }
      }
      progress.end();
      result = new CapacityResult(trials, largest, STS_LIMIT_MILLIS, hooks, delays, !original);
    }
    if (picture != null) {
      CapacityChart.write(picture, result.trials(), result.largest());
    }
    BenchReport report =
        new BenchReport(
            original ? "capacity-original" : "capacity",
            command(),
            ("Origin: %s; delay 8 s; %s720p at 2 Mbit/s, sound without a pause; worker, MediaMTX,"
                    + " publishers and STS on the same cores; windows of %d s after %d s of warm-up.")
                .formatted(server, original ? "nothing is dubbed; " : "", seconds, warmUpSeconds),
            machine,
            result.figures(),
            notes(result),
            result.tables());
    return output.print(report, spec.commandLine().getOut());
  }

  private List<String> notes(CapacityResult result) {
    List<String> notes = new ArrayList<>(result.notes());
    if (searchEnded) {
      notes.add(
          "The search was ended after %d min (--minutes): the largest number may be larger than this one."
              .formatted(minutes));
    }
    return notes;
  }

  private String command() {
    return "./babelmux bench capacity --max %d --seconds %d --warm-up %d --mediamtx %s%s"
        .formatted(max, seconds, warmUpSeconds, origin.mediaMtx(), original ? " --original" : "");
  }

  private BenchSite site(List<String> more, Map<String, String> environment, BenchSite.Route stsUrl)
      throws IOException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--sources-allow",
                "127.0.0.1",
                "--max-streams",
                Integer.toString(max + 1),
                "--admission-cpu=false",
                "--metrics-linger",
                "24h",
                "--output-check-interval",
                "0s"));
    if (original) {
      flags.add("--sts-skip");
    }
    flags.addAll(more);
    return BenchSite.start(bench.program(), origin.mediaMtx(), flags, environment, stsUrl);
  }

  private int search(CapacityRun run, List<CapacityTrial> trials, HostProgram.Progress progress)
      throws IOException, InterruptedException {
    CapacitySearch search = new CapacitySearch(Math.min(from, max), max);
    long since = System.nanoTime();
    for (OptionalInt next = search.next(); next.isPresent(); next = search.next()) {
      if (System.nanoTime() - since > TimeUnit.MINUTES.toNanos(minutes)) {
        searchEnded = true;
        break;
      }
      CapacityTrial trial = trial(run, next.getAsInt(), trials, progress);
      search.record(trial.streams(), trial.carried());
    }
    return search.largestCarried();
  }

  /**
   * Looks once more at the number that was found, and leaves it on air.
   *
   * @return the number, less when it does not hold; 0 when none does
   */
  private int confirm(
      CapacityRun run, int found, List<CapacityTrial> trials, HostProgram.Progress progress)
      throws IOException, InterruptedException {
    int streams = found;
    for (int i = 0; i < CONFIRMATIONS && streams > 0; i++) {
      CapacityTrial trial = trial(run, streams, trials, progress);
      if (trial.carried()) {
        return streams;
      }
      // Once more before it counts, as in the search.
      if (i % 2 == 1) {
        streams -= Math.max(1, streams / 10);
      }
    }
    return 0;
  }

  /** One trial; what failed is off air afterwards. */
  private CapacityTrial trial(
      CapacityRun run, int streams, List<CapacityTrial> trials, HostProgram.Progress progress)
      throws IOException, InterruptedException {
    progress.show("trial %d, streams: %d".formatted(trials.size() + 1, streams));
    CapacityTrial trial = run.trial(streams, warmUpSeconds, seconds);
    trials.add(trial);
    if (!trial.carried()) {
      run.clear();
    }
    return trial;
  }
}
