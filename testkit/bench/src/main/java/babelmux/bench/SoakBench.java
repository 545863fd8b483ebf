package babelmux.bench;

import babelmux.demo.Scrape;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** {@code babelmux bench soak}: whether a worker's memory stays what it is. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whether a worker's resident memory, threads, descriptors and native objects stay what they"
          + " are.",
      "N streams of 720p at 2 Mbit/s with sound that never pauses, through origin, worker and an"
          + " STS that echoes;",
      "the worker is a process of its own, started as users start it. Linux only. Needs half a core"
          + " for 10 streams."
    })
final class SoakBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final long FIRST_DUBS_SECONDS = 60;
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final double MIB = 1 << 20;
  private static final int MAX_STREAMS = 1000;
  private static final BigDecimal MIN_MINUTES = new BigDecimal("0.2");
  private static final BigDecimal MAX_MINUTES = new BigDecimal(7 * 24 * 60);

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
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "60",
      description = "How long is measured, such as 60 or 0.5. Default: ${DEFAULT-VALUE}.")
  private BigDecimal minutes = BigDecimal.valueOf(60);

  @Option(
      names = "--picture",
      paramLabel = "PNG",
      description = "Draw memory, threads, descriptors and native objects over time.")
  private @Nullable Path picture;

  @Option(
      names = "--samples",
      paramLabel = "CSV",
      description = "Write every sample into this file, one line each.")
  private @Nullable Path samplesFile;

  @Option(
      names = "--worker-java-opts",
      paramLabel = "OPTIONS",
      description =
          "BABELMUX_JAVA_OPTS of the worker, to compare settings of the JVM. Default: those of this"
              + " process.")
  private @Nullable String workerJavaOpts;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  SoakBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (streams < 1
        || streams > MAX_STREAMS
        || minutes.compareTo(MIN_MINUTES) < 0
        || minutes.compareTo(MAX_MINUTES) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--streams and --minutes: expected 1 to %d, %s to %s"
              .formatted(MAX_STREAMS, MIN_MINUTES, MAX_MINUTES));
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    Map<String, String> environment =
        workerJavaOpts == null ? Map.of() : Map.of("BABELMUX_JAVA_OPTS", workerJavaOpts);
    List<String> flags =
        streams > 100 ? List.of("--max-streams", Integer.toString(streams)) : List.of();
    String server;
    SoakResult result;
    try (SoakFilm film = SoakFilm.make();
        BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), flags, environment)) {
      server = site.originName();
      List<SoakPublisher> publishers = new ArrayList<>();
      begin(site, film, publishers);
      result = measure(site, film, publishers);
    }
    List<Figure> figures = result.figures();
    if (picture != null) {
      SoakChart.write(
          picture,
          "%d streams of %.1f Mbit/s, %s min".formatted(streams, result.bitRate() / 1e6, minutes),
          result.samples());
    }
    BenchReport report =
        new BenchReport(
            "soak",
            "./babelmux bench soak --streams %d --minutes %s --mediamtx %s"
                .formatted(streams, minutes, origin.mediaMtx()),
            "Origin: "
                + server
                + "; delay 14.5 s; the STS echoes; the worker is a process of its own."
                + (workerJavaOpts == null ? "" : " Options of its JVM: " + workerJavaOpts + "."),
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  /** Starts every stream and returns when each of them has been dubbed and is on air. */
  private void begin(BenchSite site, SoakFilm film, List<SoakPublisher> publishers)
      throws IOException, InterruptedException {
    for (int i = 0; i < streams; i++) {
      String id = id(i);
      // Streams that send their keyframes at different times, as those of different people do.
      int first = film.keyframeFrom(SoakFilm.LENGTH_US / streams * i);
      publishers.add(site.publish(id, film, first));
      site.hookToFirstPacketNanos(id);
    }
    for (int i = 0; i < streams; i++) {
      site.awaitState(id(i), Set.of("LIVE"), DELAY.plusSeconds(15));
      site.awaitListed("live/" + id(i) + "/out", Duration.ofSeconds(15), () -> "no output");
    }
    long since = System.nanoTime();
    while (!allDubbed(site.scrape())) {
      check(site, publishers);
      if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(FIRST_DUBS_SECONDS)) {
        throw new IOException(
            "not every stream was dubbed within " + FIRST_DUBS_SECONDS + " s of going on air");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static String id(int number) {
    return "soak" + number;
  }

  private boolean allDubbed(Scrape scrape) {
    for (int i = 0; i < streams; i++) {
      Map<String, String> labels = Map.of("stream_id", id(i), "status", "processed");
      if (scrape.sum("worker_audio_fragments_total", labels) < 1) {
        return false;
      }
    }
    return true;
  }

  /** Everything that the measurement rests on still works. */
  private static void check(BenchSite site, List<SoakPublisher> publishers) throws IOException {
    if (!site.worker().isRunning()) {
      throw new IOException("the worker exited unexpectedly: " + site.worker().said());
    }
    for (int i = 0; i < publishers.size(); i++) {
      String failure = publishers.get(i).failure();
      if (failure != null) {
        throw new IOException("the publisher of " + id(i) + " ended: " + failure);
      }
    }
  }

  private SoakResult measure(BenchSite site, SoakFilm film, List<SoakPublisher> publishers)
      throws IOException, InterruptedException {
    List<ProcessSample> samples = new ArrayList<>();
    PrintWriter err = spec.commandLine().getErr();
    long begin = System.nanoTime();
    long limit = minutes.multiply(BigDecimal.valueOf(NANOS_PER_MINUTE)).longValue();
    try (SampleFile file = SampleFile.open(samplesFile)) {
      for (long n = 0; n * INTERVAL.toNanos() <= limit; n++) {
        long aheadNanos = begin + n * INTERVAL.toNanos() - System.nanoTime();
        if (aheadNanos > 0) {
          TimeUnit.NANOSECONDS.sleep(aheadNanos);
        }
        check(site, publishers);
        double minute = (System.nanoTime() - begin) / NANOS_PER_MINUTE;
        Scrape scrape = site.scrape();
        if (scrape.sum("worker_streams", Map.of()) == 0) {
          // No answer on a machine that is busy with other things: the next sample will tell.
          continue;
        }
        ProcessSample sample = ProcessSample.take(site.worker().pid(), minute, scrape);
        samples.add(sample);
        file.add(sample);
        if (n % 12 == 0) {
          err.println(
              String.format(
                  Locale.ROOT,
                  "minute %.0f of %s: resident %.0f MiB, heap %.0f of %.0f MiB, %d threads",
                  minute,
                  minutes,
                  sample.residentBytes() / MIB,
                  sample.heapUsedBytes() / MIB,
                  sample.heapCommittedBytes() / MIB,
                  sample.threads()));
          err.flush();
        }
      }
    }
    if (samples.size() < 2) {
      throw new IOException("the worker did not answer at /metrics");
    }
    Scrape scrape = site.scrape();
    double running = scrape.sum("worker_streams", Map.of());
    if (running < streams) {
      throw new IOException("only %.0f of %d streams are left".formatted(running, streams));
    }
    return new SoakResult(streams, film.bitRate(), samples, scrape);
  }
}
