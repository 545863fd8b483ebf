package babelmux.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** {@code babelmux bench cpu}: what a stream costs. */
@Command(
    name = "cpu",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What a stream costs in CPU and memory, beside an ffmpeg program.",
      "The worker runs N streams; one ffmpeg program a stream copies the picture and encodes the"
          + " sound of the",
      "same streams at the same time. Takes about two and a half minutes."
    })
final class CpuBench implements Callable<Integer> {
  private static final double RATIO_GOAL = 1.0;
  private static final double ORIGINAL_GOAL = 0.5;
  private static final double MEMORY_GOAL_MIB = 10;
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "10",
      description = "Streams at once. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--seconds",
      paramLabel = "T",
      defaultValue = "60",
      description = "How long is measured, after a warm-up. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--original",
      description =
          "Nothing is dubbed: the original is heard in all slots, as the packets that it came as.")
  private boolean original;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  CpuBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (streams < 2 || seconds < 5) {
      throw new ParameterException(
          spec.commandLine(), "--streams and --seconds: expected 2 or more, 5 or more");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<Figure> figures = new ArrayList<>();
    FfmpegProgram artifact = FfmpegProgram.ofTheArtifact();
    String version = artifact.ownVersion();
    Optional<FfmpegProgram> installed =
        FfmpegProgram.onPath(System.getenv().getOrDefault("PATH", ""));
    String server;
    try (SoakFilm film = SoakFilm.make();
        BenchSite site =
            BenchSite.start(
                bench.program(), origin.mediaMtx(), original ? List.of("--sts-skip") : List.of())) {
      server = site.originName();
      figures.add(Figure.of("streams", streams, ""));
      figures.add(Figure.of("bit rate of each", film.bitRate() / 1e6, "Mbit/s"));
      measure(site, film, artifact, version, figures);
      if (installed.isPresent()) {
        compareOnceMore(site, installed.get(), figures);
      }
      figures.add(
          Figure.goal(
              "segments that fell back to original audio",
              site.scrape().sum("worker_fallback_total", Map.of()),
              "",
              0.0));
    }
    BenchReport report =
        new BenchReport(
            original ? "cpu-original" : "cpu",
            "./babelmux bench cpu --streams %d --seconds %d --mediamtx %s%s"
                .formatted(streams, seconds, origin.mediaMtx(), original ? " --original" : ""),
            "Origin: "
                + server
                + "; delay 14.5 s; "
                + (original ? "nothing is dubbed; " : "")
                + "sound without a pause; the worker and, one a stream, ffmpeg "
                + version
                + " (-c:v copy -c:a aac -b:a 128k, its default coder) read the same streams at the"
                + " same time.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private void measure(
      BenchSite site, SoakFilm film, FfmpegProgram ffmpeg, String version, List<Figure> figures)
      throws IOException, InterruptedException {
    List<MediaProgram> programs = new ArrayList<>();
    try {
      WorkerMemory memory = new WorkerMemory(site);
      // The first stream pays for what all share: code, classes, codecs. A stream's cost is the
      // slope.
      begin(site, film, 0, 1);
      double firstBytes = memory.usedBytes();
      double firstObjectBytes = memory.objectBytes();
      begin(site, film, 1, streams);
      double receivedBefore = site.scrape().sum("worker_received_bytes_total", Map.of());
      long since = System.nanoTime();
      compare(site, ffmpeg, version, original ? ORIGINAL_GOAL : RATIO_GOAL, programs, figures);
      double bytesPerSecond =
          (site.scrape().sum("worker_received_bytes_total", Map.of()) - receivedBefore)
              / ((System.nanoTime() - since) / 1e9)
              / streams;
      memory(memory, firstBytes, bytesPerSecond, programs, figures);
      figures.add(
          Figure.of(
              "Java objects per further stream, of that",
              (memory.objectBytes() - firstObjectBytes) / MIB / (streams - 1),
              "MiB"));
    } finally {
      programs.forEach(MediaProgram::close);
    }
  }

  /** The program that is installed: its numbers are of another build, so they have no goal. */
  private void compareOnceMore(BenchSite site, FfmpegProgram installed, List<Figure> figures)
      throws IOException, InterruptedException {
    List<MediaProgram> programs = new ArrayList<>();
    try {
      String version = installed.ownVersion() + " of this machine";
      compare(site, installed, version, null, programs, figures);
    } finally {
      programs.forEach(MediaProgram::close);
    }
  }

  /**
   * Starts one program a stream, lets them get warm, and compares the CPU time of the same seconds.
   *
   * @param goal of the ratio; null for none
   * @param programs the started ones are added, the caller's to close
   */
  private void compare(
      BenchSite site,
      FfmpegProgram ffmpeg,
      String version,
      @Nullable Double goal,
      List<MediaProgram> programs,
      List<Figure> figures)
      throws IOException, InterruptedException {
    String server = site.stack().server().rtmpUrl().toString();
    for (int i = 0; i < streams; i++) {
      programs.add(
          MediaProgram.copyWithNewAudio(
              ffmpeg, site.stack().inputUrl(id(i)), server + "/live/" + id(i) + "/copy"));
    }
    for (int i = 0; i < streams; i++) {
      site.awaitListed("live/" + id(i) + "/copy", Duration.ofSeconds(30), programs.get(i)::said);
    }
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    Duration workerBefore = ProcessUsage.cpu(site.worker().pid());
    Duration programsBefore = sum(programs);
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double workerCpu = millis(ProcessUsage.cpu(site.worker().pid()).minus(workerBefore));
    double programCpu = millis(sum(programs).minus(programsBefore));
    double elapsed = (System.nanoTime() - begin) / 1e6;
    String name = "ffmpeg " + version;
    String beside = goal == null ? ", beside " + name : "";
    figures.add(
        Figure.of(
            "worker, CPU per stream" + beside, 100 * workerCpu / elapsed / streams, "% of a core"));
    figures.add(
        Figure.of(name + ", CPU per stream", 100 * programCpu / elapsed / streams, "% of a core"));
    String ratio = "CPU per stream, worker : " + name;
    figures.add(
        goal == null
            ? Figure.of(ratio, workerCpu / programCpu, "")
            : Figure.goal(ratio, workerCpu / programCpu, "", goal));
  }

  /** Starts the streams with these numbers, and lets the worker get warm. */
  private void begin(BenchSite site, SoakFilm film, int from, int to)
      throws IOException, InterruptedException {
    for (int i = from; i < to; i++) {
      site.publish(id(i), film, film.keyframeFrom(SoakFilm.LENGTH_US / streams * i));
      site.hookToFirstPacketNanos(id(i));
    }
    for (int i = from; i < to; i++) {
      site.awaitState(id(i), Set.of("LIVE"), DELAY.plusSeconds(15));
    }
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
  }

  private static String id(int number) {
    return "s" + number;
  }

  private void memory(
      WorkerMemory memory,
      double firstBytes,
      double bytesPerSecond,
      List<MediaProgram> programs,
      List<Figure> figures)
      throws IOException, InterruptedException {
    figures.add(Figure.of("worker, resident", memory.residentBytes() / MIB, "MiB"));
    double perStream = (memory.usedBytes() - firstBytes) / (streams - 1);
    double line = bytesPerSecond * DELAY.toMillis() / 1e3;
    figures.add(Figure.of("worker with one stream, in use", firstBytes / MIB, "MiB"));
    figures.add(Figure.of("D x bitrate", line / MIB, "MiB"));
    figures.add(
        Figure.goal(
            "memory in use per further stream beyond D x bitrate",
            (perStream - line) / MIB,
            "MiB",
            MEMORY_GOAL_MIB));
    long programBytes = 0;
    for (MediaProgram program : programs) {
      programBytes += ProcessUsage.residentBytes(program.pid()).orElse(0);
    }
    figures.add(Figure.of("ffmpeg, resident per stream", programBytes / MIB / streams, "MiB"));
  }

  private static Duration sum(List<MediaProgram> programs) throws IOException {
    Duration sum = Duration.ZERO;
    for (MediaProgram program : programs) {
      sum = sum.plus(ProcessUsage.cpu(program.pid()));
    }
    return sum;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
