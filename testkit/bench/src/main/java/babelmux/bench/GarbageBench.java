package babelmux.bench;

import babelmux.demo.Scrape;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench garbage}: what random garbage does to a worker. */
@Command(
    name = "garbage",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What garbage at its port does to a worker: nothing but 4xx, memory flat, health answered.",
      "Hooks with random bytes, wrong JSON, hostile ids, endless queries, wrong methods and types; unknown",
      "paths, floods of headers, half requests. One stream is on air beside. Linux only."
    })
final class GarbageBench implements Callable<Integer> {
  private static final String STREAM = "garbage-beside";
  private static final Duration LIVE_LIMIT = Duration.ofSeconds(40);
  private static final long HEALTH_MILLIS = 100;
  private static final int HEALTH_LIMIT_MILLIS = 5_000;
  private static final int MAX_AT_ONCE = 200;
  private static final int MAX_RATE = 1_000;
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final BigDecimal MIN_MINUTES = new BigDecimal("0.02");
  private static final BigDecimal MAX_MINUTES = new BigDecimal(24 * 60);
  private static final int MIN_SAMPLES = 12;
  private static final long MAX_SAMPLE_MILLIS = 5_000;
  private static final long END_SECONDS = 15;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "60",
      description = "How long, such as 60 or 0.5. Default: ${DEFAULT-VALUE}.")
  private BigDecimal minutes = BigDecimal.valueOf(60);

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Requests a second. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed sends the same requests. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--streams",
      paramLabel = "0|1",
      defaultValue = "1",
      description = "Streams on air beside. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  GarbageBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (minutes.compareTo(MIN_MINUTES) < 0
        || minutes.compareTo(MAX_MINUTES) > 0
        || rate < 1
        || rate > MAX_RATE
        || streams < 0
        || streams > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --minutes %s to %s, --rate 1 to %d, --streams 0 or 1"
              .formatted(MIN_MINUTES, MAX_MINUTES, MAX_RATE));
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    String server;
    GarbageResult result;
    // A film that is looped has a seam, at which a segment may be too short to be sent.
    try (SoakFilm film = streams > 0 ? SoakFilm.make() : null;
        BenchSite site =
            BenchSite.start(bench.program(), origin.mediaMtx(), List.of("--delay", "9s"))) {
      server = site.originName();
      if (film != null) {
        site.publish(STREAM, film, film.keyframeFrom(0));
        site.hookToFirstPacketNanos(STREAM);
        site.awaitState(STREAM, Set.of("LIVE"), LIVE_LIMIT);
      }
      result = run(site);
    }
    result.tally().wrong().forEach(spec.commandLine().getErr()::println);
    BenchReport report =
        new BenchReport(
            "garbage",
            "./babelmux bench garbage --minutes %s --rate %d --seed %d --streams %d --mediamtx %s"
                .formatted(minutes, rate, seed, streams, origin.mediaMtx()),
            "Origin: %s; delay 9 s; the worker is a process of its own; %d kinds of garbage, equally often."
                .formatted(server, Garbage.Kind.values().length),
            machine,
            result.figures());
    return output.print(report, spec.commandLine().getOut());
  }

  private GarbageResult run(BenchSite site) throws IOException, InterruptedException {
    GarbageTally tally = new GarbageTally();
    WorkerMemory memory = new WorkerMemory(site);
    List<ProcessSample> samples = new ArrayList<>();
    double settledBytes = 0;
    Scrape before = site.scrape();
    ScheduledExecutorService timers = Executors.newScheduledThreadPool(2, GarbageBench::thread);
    ThreadPoolExecutor senders =
        new ThreadPoolExecutor(
            0, MAX_AT_ONCE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), GarbageBench::thread);
    long begin = System.nanoTime();
    long total = minutes.multiply(BigDecimal.valueOf(NANOS_PER_MINUTE)).longValue();
    long interval = Math.min(TimeUnit.MILLISECONDS.toNanos(MAX_SAMPLE_MILLIS), total / MIN_SAMPLES);
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    try {
      send(site.worker().url(), timers, senders, tally);
      askHealth(site.worker().url(), timers, tally);
      for (long n = 0; n * interval <= total; n++) {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, begin + n * interval - System.nanoTime()));
        if (!site.worker().isRunning()) {
          throw new IOException("the worker exited unexpectedly: " + site.worker().said());
        }
        if (settledBytes == 0 && n * interval >= total * GarbageResult.SETTLED) {
          settledBytes = memory.liveBytes();
        }
        double minute = (System.nanoTime() - begin) / NANOS_PER_MINUTE;
        samples.add(ProcessSample.take(site.worker().pid(), minute, site.scrape()));
        progress.show("%.1f of %s minutes".formatted(minute, minutes));
      }
    } finally {
      timers.shutdownNow();
      senders.shutdown();
      progress.end();
    }
    if (!senders.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("requests are not answered after %d s".formatted(END_SECONDS));
    }
    double endBytes = memory.liveBytes();
    return new GarbageResult(
        tally, samples, settledBytes, endBytes, before, site.scrape(), streams);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "bench-garbage");
    thread.setDaemon(true);
    return thread;
  }

  /** In an open loop: an answer that is late holds up no other request. */
  private void send(
      URI worker, ScheduledExecutorService timers, ThreadPoolExecutor senders, GarbageTally tally) {
    Garbage garbage = new Garbage(new SplittableRandom(seed));
    GarbageClient client = new GarbageClient(worker);
    timers.scheduleAtFixedRate(
        () -> {
          Garbage.Request request = garbage.next();
          try {
            senders.execute(() -> tally.answered(request, client.send(request)));
          } catch (RejectedExecutionException e) {
            tally.notSent();
          }
        },
        0,
        TimeUnit.SECONDS.toNanos(1) / rate,
        TimeUnit.NANOSECONDS);
  }

  private static void askHealth(URI worker, ScheduledExecutorService timers, GarbageTally tally) {
    timers.scheduleAtFixedRate(
        () -> {
          long begin = System.nanoTime();
          boolean ok = isLive(worker);
          tally.health(ok, (System.nanoTime() - begin) / 1e6);
        },
        HEALTH_MILLIS,
        HEALTH_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private static boolean isLive(URI worker) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) worker.resolve("/health/live").toURL().openConnection();
      connection.setConnectTimeout(HEALTH_LIMIT_MILLIS);
      connection.setReadTimeout(HEALTH_LIMIT_MILLIS);
      boolean ok = connection.getResponseCode() == 200;
      connection.getInputStream().readAllBytes();
      return ok;
    } catch (IOException e) {
      return false;
    }
  }
}
