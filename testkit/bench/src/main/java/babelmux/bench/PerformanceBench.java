package babelmux.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** {@code babelmux bench performance}: worker and ffmpeg, each alone on the machine, by turns. */
@Command(
    name = "performance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "CPU time per stream of the worker and of an ffmpeg program, by turns.",
      "For each number of streams: the worker alone, ffmpeg alone twice, the worker alone, as often"
          + " as --rounds",
      "says. One ffmpeg a stream copies the video and encodes the audio. Each window begins when all",
      "of its streams are on air and have warmed up."
    })
final class PerformanceBench implements Callable<Integer> {
  // Enough for an STS that answers at once: what falls back is copied, and costs less.
  private static final Duration DELAY = Duration.ofSeconds(8);
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int MAX_STREAMS = 100;
  private static final double MAX_USE = 0.8;
  private static final double GOAL = 1.0;
  private static final double LARGEST_GOAL = 0.8;
  private static final double ORIGINAL_GOAL = 0.5;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--streams",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,5,10",
      description = "Streams at once, one number or several. Default: ${DEFAULT-VALUE}.")
  private List<Integer> streams = List.of();

  @Option(
      names = "--largest",
      description =
          "And the largest number at which worker and ffmpeg both leave a fifth of the machine, by what"
              + " the others took; for that --streams needs two numbers.")
  private boolean largest;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "3",
      description = "How often each is repeated, 1 to 20. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "T",
      defaultValue = "30",
      description = "Length of a window, 5 to 600. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "T",
      defaultValue = "20",
      description = "Seconds in front of each window. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--original",
      description =
          "Nothing is dubbed: the original is heard in all slots, as the packets that it came as.")
  private boolean original;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the windows into this PNG file.")
  private @Nullable Path picture;

  private int published;
  private double fellBack;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  PerformanceBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean valid =
        streams.stream().allMatch(n -> n >= 1 && n <= MAX_STREAMS)
            && (!largest || streams.stream().distinct().count() >= 2)
            && rounds >= 1
            && rounds <= 20
            && seconds >= 5
            && seconds <= 600
            && warmUpSeconds >= 0
            && warmUpSeconds <= 600;
    if (!valid) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --streams 1 to %d (two numbers for --largest), --rounds 1 to 20, --seconds 5 to 600, --warm-up 0 to 600"
              .formatted(MAX_STREAMS));
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    FfmpegProgram ffmpeg = FfmpegProgram.ofTheArtifact();
    PerformanceResult result = new PerformanceResult(original ? ORIGINAL_GOAL : GOAL);
    String server;
    try (SoakFilm film = SoakFilm.make();
        BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), flags())) {
      server = site.originName();
      run(site, film, ffmpeg, result);
    }
    if (picture != null) {
      PerformanceChart.write(picture, result.windows());
    }
    List<Figure> figures = new ArrayList<>(result.figures());
    figures.add(Figure.goal("segments that fell back in the windows", fellBack, "", 0.0));
    BenchReport report =
        new BenchReport(
            original ? "performance-original" : "performance",
            command(),
            ("Origin: %s; delay 8 s; %s720p at 2 Mbit/s, sound without a pause; worker and ffmpeg"
                    + " %s (-c:v copy -c:a aac -b:a 128k), each alone, worker, ffmpeg, ffmpeg, worker in"
                    + " windows of %d s. ± is half of what lies between the lowest and the highest"
                    + " window.")
                .formatted(
                    server, original ? "nothing is dubbed; " : "", ffmpeg.ownVersion(), seconds),
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private String command() {
    return "./babelmux bench performance --streams %s --rounds %d --seconds %d --mediamtx %s%s"
        .formatted(
            String.join(",", streams.stream().map(String::valueOf).toList()),
            rounds,
            seconds,
            origin.mediaMtx(),
            (largest ? " --largest" : "") + (original ? " --original" : ""));
  }

  private List<String> flags() {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--delay",
                "8s",
                "--sources-allow",
                "127.0.0.1",
                "--max-streams",
                Integer.toString(MAX_STREAMS),
                "--admission-cpu=false",
                "--output-check-interval",
                "0s"));
    if (original) {
      flags.add("--sts-skip");
    }
    return flags;
  }

  private void run(BenchSite site, SoakFilm film, FfmpegProgram ffmpeg, PerformanceResult result)
      throws IOException, InterruptedException {
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    // The most first: they warm the JVM up for the others.
    List<Integer> counts = streams.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    for (int count : counts) {
      rounds(site, film, ffmpeg, count, result, progress);
    }
    if (largest) {
      int count = Math.min(MAX_STREAMS, result.largestUnder(MAX_USE));
      if (count > counts.get(0)) {
        result.goal(count, original ? ORIGINAL_GOAL : LARGEST_GOAL);
        rounds(site, film, ffmpeg, count, result, progress);
      }
    }
    progress.end();
  }

  private void rounds(
      BenchSite site,
      SoakFilm film,
      FfmpegProgram ffmpeg,
      int count,
      PerformanceResult result,
      HostProgram.Progress progress)
      throws IOException, InterruptedException {
    for (; published < count; published++) {
      // Keyframes at different times, as those of different people.
      int first = film.keyframeFrom(SoakFilm.LENGTH_US * (published * 7 % 16) / 16);
      site.publish(id(published), film, first);
    }
    for (int round = 0; round < rounds; round++) {
      for (boolean worker : new boolean[] {true, false, false, true}) {
        progress.show(
            "%d streams, round %d of %d, %s"
                .formatted(count, round + 1, rounds, worker ? "worker" : "ffmpeg"));
        result.add(worker ? worker(site, count) : ffmpeg(site, ffmpeg, count));
      }
    }
  }

  private PerformanceResult.Window worker(BenchSite site, int count)
      throws IOException, InterruptedException {
    for (int n = 0; n < count; n++) {
      site.start(id(n));
    }
    for (int n = 0; n < count; n++) {
      site.awaitState(id(n), Set.of("LIVE"), DELAY.plus(LIMIT));
    }
    TimeUnit.SECONDS.sleep(warmUpSeconds);
    double before = fallbacks(site);
    PerformanceResult.Window window = measured(true, count, List.of(site.worker().pid()));
    fellBack += fallbacks(site) - before;
    for (int n = 0; n < count; n++) {
      site.end(id(n));
    }
    site.awaitNoStream(LIMIT);
    return window;
  }

  private PerformanceResult.Window ffmpeg(BenchSite site, FfmpegProgram ffmpeg, int count)
      throws IOException, InterruptedException {
    String server = site.stack().server().rtmpUrl().toString();
    List<MediaProgram> programs = new ArrayList<>();
    try {
      for (int n = 0; n < count; n++) {
        programs.add(
            MediaProgram.copyWithNewAudio(
                ffmpeg, site.stack().inputUrl(id(n)), server + "/live/" + id(n) + "/copy"));
      }
      for (int n = 0; n < count; n++) {
        site.awaitListed("live/" + id(n) + "/copy", LIMIT, programs.get(n)::said);
      }
      TimeUnit.SECONDS.sleep(warmUpSeconds);
      return measured(false, count, programs.stream().map(MediaProgram::pid).toList());
    } finally {
      programs.forEach(MediaProgram::close);
    }
  }

  private static double fallbacks(BenchSite site) throws InterruptedException {
    return site.scrape().sum("worker_fallback_total", Map.of());
  }

  private PerformanceResult.Window measured(boolean worker, int count, List<Long> pids)
      throws IOException, InterruptedException {
    long own = ProcessHandle.current().pid();
    long begin = System.nanoTime();
    Duration ownBefore = ProcessUsage.cpu(own);
    Duration before = cpu(pids);
    HostSample host = HostSample.take();
    TimeUnit.SECONDS.sleep(seconds);
    Duration used = cpu(pids).minus(before);
    double use = HostSample.take().busySince(host);
    double elapsed = (System.nanoTime() - begin) / 1e9;
    double load = ProcessUsage.cpu(own).minus(ownBefore).toNanos() / 1e9 / elapsed;
    long resident = 0;
    for (long pid : pids) {
      resident += ProcessUsage.residentBytes(pid).orElse(0);
    }
    return new PerformanceResult.Window(
        worker, count, used.toNanos() / 1e9 / elapsed / count, resident, load, use);
  }

  private static Duration cpu(List<Long> pids) throws IOException {
    Duration sum = Duration.ZERO;
    for (long pid : pids) {
      sum = sum.plus(ProcessUsage.cpu(pid));
    }
    return sum;
  }

  private static String id(int number) {
    return "p" + number;
  }
}
