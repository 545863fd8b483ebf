package babelmux.app.bench;

import babelmux.app.FailureLine;
import babelmux.app.Logging;
import babelmux.app.demo.Scrape;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
  private static final double MEMORY_GOAL_MIB = 10;
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;
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

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CpuBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (streams < 2 || seconds < 5) {
      throw new ParameterException(
          spec.commandLine(), "--streams and --seconds: expected 2 or more, 5 or more");
    }
    Logging.quiet();
    MachineNote machine = MachineNote.now();
    List<Figure> figures = new ArrayList<>();
    String server;
    List<MediaProgram> programs = new ArrayList<>();
    // One without an end: a jump at each repetition would cost the worker what no real stream does.
    try (MarkedFilm film = MarkedFilm.prepare();
        BenchSite site = BenchSite.start(origin.mediaMtx(), List.of())) {
      server = site.originName();
      measure(site, film, programs, figures);
    } finally {
      programs.forEach(MediaProgram::close);
    }
    BenchReport report =
        new BenchReport(
            "cpu",
            "./babelmux bench cpu --streams %d --seconds %d --mediamtx %s"
                .formatted(streams, seconds, origin.mediaMtx()),
            "Origin: "
                + server
                + "; delay 14.5 s; worker and ffmpeg programs read the same streams at the same"
                + " time.",
            machine,
            figures);
    output.print(report, spec.commandLine().getOut());
    return figures.stream().allMatch(Figure::met) ? 0 : FailureLine.FAILED;
  }

  private void measure(
      BenchSite site, MarkedFilm film, List<MediaProgram> programs, List<Figure> figures)
      throws IOException, InterruptedException {
    WorkerMemory memory = new WorkerMemory(site);
    // The first stream pays for what all share: code, classes, codecs. A stream's cost is the
    // slope.
    run(site, film, programs, 0, 1);
    double firstBytes = memory.usedBytes();
    double firstObjectBytes = memory.objectBytes();
    run(site, film, programs, 1, streams);

    Scrape before = site.scrape();
    Duration workerBefore = ProcessUsage.cpu(site.worker().pid());
    Duration programsBefore = sum(programs);
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double workerCpu = millis(ProcessUsage.cpu(site.worker().pid()).minus(workerBefore));
    double programCpu = millis(sum(programs).minus(programsBefore));
    double elapsed = (System.nanoTime() - begin) / 1e6;
    Scrape after = site.scrape();

    figures.add(Figure.of("streams", streams, ""));
    figures.add(
        Figure.of("worker, CPU per stream", 100 * workerCpu / elapsed / streams, "% of a core"));
    figures.add(
        Figure.of("ffmpeg, CPU per stream", 100 * programCpu / elapsed / streams, "% of a core"));
    figures.add(
        Figure.goal("CPU per stream, worker : ffmpeg", workerCpu / programCpu, "", RATIO_GOAL));
    double bytesPerSecond =
        (after.sum("worker_received_bytes_total", Map.of())
                - before.sum("worker_received_bytes_total", Map.of()))
            / (elapsed / 1e3)
            / streams;
    memory(memory, firstBytes, bytesPerSecond, programs, figures);
    figures.add(
        Figure.of(
            "Java objects per further stream, of that",
            (memory.objectBytes() - firstObjectBytes) / MIB / (streams - 1),
            "MiB"));
    figures.add(
        Figure.goal(
            "segments left in the original",
            after.sum("worker_fallback_total", Map.of()),
            "",
            0.0));
  }

  /** Starts the streams with these numbers beside their ffmpeg programs, and lets them get warm. */
  private void run(BenchSite site, MarkedFilm film, List<MediaProgram> programs, int from, int to)
      throws IOException, InterruptedException {
    Duration length = DELAY.plus(WARM_UP).multipliedBy(2).plusSeconds(3L * streams + seconds + 60L);
    for (int i = from; i < to; i++) {
      String id = "s" + i;
      site.publish(id, film, length);
      site.hookToFirstPacketNanos(id);
      programs.add(
          MediaProgram.copyWithNewSound(
              site.installation().inputUrl(id),
              site.installation().server().rtmpUrl() + "/live/" + id + "/copy"));
    }
    for (int i = from; i < to; i++) {
      site.awaitState("s" + i, Set.of("LIVE"), DELAY.plusSeconds(15));
    }
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
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
