package babelmux.bench;

import babelmux.meter.Charts;
import babelmux.meter.LiveCapture;
import babelmux.meter.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench hour}: whether picture and sound stay together, and the delay the same. */
@Command(
    name = "hour",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whether picture and sound stay together, and the delay the same, over an hour.",
      "One stream at real time through origin, worker and an STS that echoes; a reader before the"
          + " worker and one",
      "behind it decode and measure all the while. Needs a tenth of a core and no disk."
    })
final class HourBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final String ID = "hour";

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "60",
      description = "How long. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(
      names = "--picture",
      paramLabel = "PNG",
      description = "Draw the A/V error and the flashes' offset over time.")
  private @Nullable Path picture;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  HourBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (minutes < 1 || minutes > 24 * 60) {
      throw new ParameterException(
          spec.commandLine(), "--minutes: " + minutes + ": expected 1 to 1440");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    String server;
    HourResult result;
    try (MarkedFilm film = MarkedFilm.prepare();
        BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), List.of())) {
      server = site.originName();
      result = watch(site, film);
    }
    List<Figure> figures = result.figures();
    if (picture != null) {
      Charts.write(picture, result.course());
    }
    BenchReport report =
        new BenchReport(
            "hour",
            "./babelmux bench hour --minutes %d --mediamtx %s"
                .formatted(minutes, origin.mediaMtx()),
            "Origin: "
                + server
                + "; delay 14.5 s; the STS echoes. Measured by decoding what goes in and what comes"
                + " out.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private HourResult watch(BenchSite site, MarkedFilm film)
      throws IOException, InterruptedException {
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      MediaProgram publisher = site.publish(ID, film, Duration.ofMinutes(minutes));
      Future<LiveCapture> before = follow(readers, site.stack().inputUrl(ID));
      site.hookToFirstPacketNanos(ID);
      site.awaitListed("live/" + ID + "/out", DELAY.plusSeconds(15), publisher::said);
      Future<LiveCapture> behind = follow(readers, site.stack().outputUrl(ID));
      long begin = System.nanoTime();
      Duration cpuBefore = ProcessUsage.cpu(site.worker().pid());
      double startBytes = 0;
      while (publisher.isRunning()) {
        publisher.await(Duration.ofSeconds(10));
        boolean settled = System.nanoTime() - begin > SETTLED.toNanos();
        if (startBytes == 0 && (settled || !publisher.isRunning())) {
          startBytes = resident(site);
        }
      }
      if (!publisher.said().isEmpty()) {
        throw new IOException("the publisher complains: " + publisher.said());
      }
      double endBytes = resident(site);
      double cpuMillis = ProcessUsage.cpu(site.worker().pid()).minus(cpuBefore).toMillis();
      double elapsedMillis = (System.nanoTime() - begin) / 1e6;
      site.awaitState(ID, Set.of("ENDED"), DELAY.plusSeconds(30));
      return new HourResult(
          before.get(60, TimeUnit.SECONDS),
          behind.get(60, TimeUnit.SECONDS),
          site.scrape(),
          startBytes,
          endBytes,
          100 * cpuMillis / elapsedMillis);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a reader failed: " + e.getMessage(), e);
    } finally {
      readers.shutdownNow();
    }
  }

  private static Future<LiveCapture> follow(ExecutorService readers, String url) {
    return readers.submit(() -> Meter.follow(url));
  }

  private static double resident(BenchSite site) throws IOException {
    return ProcessUsage.residentBytes(site.worker().pid()).orElse(0);
  }
}
