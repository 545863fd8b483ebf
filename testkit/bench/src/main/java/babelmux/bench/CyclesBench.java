package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.demo.Scrape;
import babelmux.demo.Web;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench cycles}: streams that are started and ended, again and again. */
@Command(
    name = "cycles",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whether a worker keeps anything of streams that have ended.",
      "One worker starts streams by POST /v1/streams and ends each by DELETE ?now=true as soon as"
          + " it has read a packet.",
      "Then as many streams as --drained run side by side and are drained. Linux only. 10,000 take"
          + " about 3 min on 2 cores."
    })
final class CyclesBench implements Callable<Integer> {
  private static final Duration FILM = Duration.ofHours(12);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What the last stream had may be closed a moment after it has left the list. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private static final long POLL_MILLIS = 200;
  private static final int TENTHS = 10;
  private static final int MAX_CYCLES = 1_000_000;
  private static final int MAX_STREAMS = 500;

  /** The one publisher; nobody sends a hook for it. */
  private static final String SOURCE = "cycles-source";

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Streams that are started and ended, 20 or more. Default: ${DEFAULT-VALUE}.")
  private int cycles;

  @Option(
      names = "--at-once",
      paramLabel = "M",
      defaultValue = "20",
      description = "So many at a time. Default: ${DEFAULT-VALUE}.")
  private int atOnce;

  @Option(
      names = "--drained",
      paramLabel = "K",
      defaultValue = "50",
      description = "Streams that are drained, side by side. Default: ${DEFAULT-VALUE}.")
  private int drained;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  CyclesBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (cycles < 2 * TENTHS
        || cycles > MAX_CYCLES
        || atOnce < 1
        || atOnce > MAX_STREAMS
        || drained < 1
        || drained > MAX_STREAMS) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --cycles 20 to %d, --at-once and --drained 1 to %d"
              .formatted(MAX_CYCLES, MAX_STREAMS));
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    String server;
    CyclesResult result;
    try (BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), flags())) {
      server = site.originName();
      site.publish(SOURCE, Distribution.fixture("30s-counting-english.mp4"), FILM);
      URI source = URI.create(site.stack().inputUrl(SOURCE));
      try (Cycling cycling = new Cycling(site.worker().url(), source)) {
        result = run(cycling, site);
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "; the worker said: " + site.worker().said(), e);
      }
    }
    BenchReport report =
        new BenchReport(
            "cycles",
            "./babelmux bench cycles --cycles %d --at-once %d --drained %d --mediamtx %s"
                .formatted(cycles, atOnce, drained, origin.mediaMtx()),
            "Origin: %s; delay 7 s; the worker is a process of its own; all streams read one publisher."
                .formatted(server),
            machine,
            result.figures());
    return output.print(report, spec.commandLine().getOut());
  }

  private List<String> flags() {
    return List.of(
        "--delay",
        "7s",
        "--sources-allow",
        "127.0.0.1",
        // Those that end are there for a moment more.
        "--max-streams",
        Integer.toString(2 * Math.max(atOnce, drained)),
        "--admission-cpu=false");
  }

  private CyclesResult run(Cycling cycling, BenchSite site)
      throws IOException, InterruptedException {
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    // What the first streams load stays.
    cycling.endAtOnce(Math.max(atOnce, cycles / TENTHS), atOnce);
    List<ProcessSample> samples = new ArrayList<>();
    List<double[]> starts = new ArrayList<>();
    samples.add(atRest(site));
    for (int tenth = 1; tenth <= TENTHS; tenth++) {
      int done = (int) ((long) cycles * tenth / TENTHS);
      int before = (int) ((long) cycles * (tenth - 1) / TENTHS);
      starts.add(cycling.endAtOnce(done - before, atOnce));
      samples.add(atRest(site));
      progress.show("%d of %d cycles".formatted(done, cycles));
    }
    cycling.drain(drained);
    ProcessSample last = atRest(site);
    progress.end();
    return new CyclesResult(starts, samples, last);
  }

  /** What the worker holds when no stream is left, and what the last one had is closed. */
  private static ProcessSample atRest(BenchSite site) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Scrape scrape = site.scrape();
      // Without an answer the sum is 0, too.
      boolean answered = scrape.sum("jvm_memory_used_bytes", Map.of()) > 0;
      boolean closed =
          scrape.sum("worker_native_objects", Map.of()) == 0
              || System.nanoTime() - begin > CLOSING.toNanos();
      if (answered && closed && scrape.sum("worker_streams", Map.of()) == 0) {
        return ProcessSample.take(site.worker().pid(), 0, scrape);
      }
      if (System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new IOException(
            "streams are left after %d s: %s"
                .formatted(LIMIT.toSeconds(), Web.text(site.worker().url() + "/v1/streams")));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
