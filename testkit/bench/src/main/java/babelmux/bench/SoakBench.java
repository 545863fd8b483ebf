package babelmux.bench;

import babelmux.demo.Scrape;
import babelmux.demo.StreamStates;
import babelmux.faultproxy.FaultProxy;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
          + " for 10 streams.",
      "",
      "First one stream is followed through the chain (publish, hook, output, STS); what is broken is named, exit code 1.",
      "Flat means: the lower end of the 95 %% interval of the Theil-Sen slope is not above what is allowed.",
      "",
      "--faults injects, each into one stream: sources away for 2 s and 10 s, replaced, reset, stalled for 2 s; hooks lost and",
      "doubled; STS late, silent, garbage, wrong format, disconnect, backpressure; a destination that is reset, and a black hole;",
      "viewers that come and go. Into none: Control API down and slow, garbage HTTP. The first half of the streams is never hit.",
      "Not injected: what hits all streams (the server, the STS or the worker killed, disks, descriptors, the clock) or ends one",
      "(away for 60 s); and what is a property of the media (keyframes, codecs, timestamps), as all publish one clip."
    })
final class SoakBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final long FIRST_DUBS_SECONDS = 60;
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final double MIB = 1 << 20;
  private static final int MAX_STREAMS = 1000;
  private static final List<String> RECONNECTIONS =
      List.of(
          "worker_source_reconnections_total",
          "worker_destination_reconnections_total",
          "worker_reconnection_total");
  private static final int MIN_BIT_RATE = 500;
  private static final int DEFAULT_BIT_RATE = 2130;
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
      names = "--bit-rate",
      paramLabel = "KBIT",
      defaultValue = "2130",
      description = "Of each stream, kbit/s, 500 to 20000. Default: ${DEFAULT-VALUE}.")
  private int bitRate;

  @Option(
      names = "--viewers",
      paramLabel = "V",
      defaultValue = "0",
      description =
          "Viewers of the outputs, 0 to 2000: half of them over HLS with MediaMTX, else RTMP."
              + " Default: ${DEFAULT-VALUE}.")
  private int viewers;

  @Option(
      names = "--faults",
      paramLabel = "SEED",
      description = "Inject faults; the same seed makes the same ones. Default: none.")
  private @Nullable Long faults;

  @Option(
      names = "--sts-url",
      paramLabel = "URL",
      description = "Service that dubs, in place of the stand-in; without faults of the STS then.")
  private @Nullable URI stsUrl;

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
    if (bitRate < MIN_BIT_RATE || bitRate > 20_000 || viewers < 0 || viewers > 2000) {
      throw new ParameterException(
          spec.commandLine(), "--bit-rate and --viewers: expected 500 to 20000, 0 to 2000");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    Map<String, String> environment =
        workerJavaOpts == null ? Map.of() : Map.of("BABELMUX_JAVA_OPTS", workerJavaOpts);
    String server;
    SoakResult result;
    List<Figure> figures = new ArrayList<>();
    MediaServer media = MediaServer.start(origin.mediaMtx(), OriginConfig.defaults());
    List<SoakStream> sources = new ArrayList<>();
    try (SoakFilm film = SoakFilm.make(bitRate * 1000);
        FaultProxy api = FaultProxy.to(media.apiUrl());
        BenchSite site =
            BenchSite.start(
                media,
                bench.program(),
                flags(api),
                environment,
                own -> stsUrl == null ? own : stsUrl)) {
      try {
        server = site.originName();
        begin(site, film, sources);
        URI hls = server.startsWith("MediaMTX") ? media.hlsUrl() : null;
        try (SoakAudience audience = SoakAudience.start(sources, viewers, hls)) {
          audience.awaitSeated();
          result = measure(site, film, sources, audience, api, figures);
        }
      } finally {
        sources.forEach(SoakStream::close);
      }
    } finally {
      media.close();
    }
    figures.addAll(0, result.figures());
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
                    .formatted(streams, minutes, origin.mediaMtx())
                + (bitRate == DEFAULT_BIT_RATE ? "" : " --bit-rate " + bitRate)
                + (viewers == 0 ? "" : " --viewers " + viewers)
                + (faults == null ? "" : " --faults " + faults),
            "Origin: "
                + server
                + "; delay 14.5 s; "
                + (stsUrl == null ? "the STS echoes" : "STS: " + stsUrl)
                + "; the worker is a process of its own."
                + (workerJavaOpts == null ? "" : " Options of its JVM: " + workerJavaOpts + "."),
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private List<String> flags(FaultProxy api) {
    List<String> flags = new ArrayList<>();
    if (streams > 100) {
      flags.addAll(List.of("--max-streams", Integer.toString(streams)));
    }
    if (faults != null) {
      flags.addAll(List.of("--mediamtx-api", api.url().toString()));
      flags.addAll(List.of("--mediamtx-reconcile-interval", "10s", "--source-grace", "20s"));
      flags.addAll(List.of("--output-destinations-allow", "127.0.0.1"));
    }
    return flags;
  }

  /**
   * Follows the first stream through the chain, starts the others, and returns when each of them
   * has been dubbed and is on air.
   */
  private void begin(BenchSite site, SoakFilm film, List<SoakStream> sources)
      throws IOException, InterruptedException {
    open(site, film, sources);
    awaitOutput(site, sources.get(0));
    awaitDubbed(site, sources);
    while (sources.size() < streams) {
      open(site, film, sources);
    }
    for (SoakStream source : sources) {
      awaitOutput(site, source);
    }
    awaitDubbed(site, sources);
  }

  private void open(BenchSite site, SoakFilm film, List<SoakStream> sources)
      throws IOException, InterruptedException {
    int number = sources.size();
    // Streams that send their keyframes at different times, as those of different people do.
    int first = film.keyframeFrom(SoakFilm.LENGTH_US / streams * number);
    SoakStream source = SoakStream.start(site, film, id(number), first, faults != null);
    sources.add(source);
    try {
      site.awaitListed("live/" + source.id() + "/in", LIMIT, () -> "" + source.failure());
    } catch (IOException e) {
      throw new ChainException(ChainException.Link.PUBLISH, message(e));
    }
    int status = source.hook();
    if (status != 200) {
      throw new ChainException(
          ChainException.Link.HOOK, status == 0 ? "no answer" : "status " + status);
    }
    try {
      site.awaitState(source.id(), StreamStates.READING, LIMIT);
    } catch (IOException e) {
      throw new ChainException(ChainException.Link.HOOK, message(e));
    }
  }

  private static void awaitOutput(BenchSite site, SoakStream source)
      throws IOException, InterruptedException {
    try {
      site.awaitState(source.id(), Set.of("LIVE"), DELAY.plusSeconds(15));
      site.awaitListed("live/" + source.id() + "/out", LIMIT, () -> "no output");
    } catch (IOException e) {
      throw new ChainException(ChainException.Link.OUTPUT, message(e));
    }
  }

  private void awaitDubbed(BenchSite site, List<SoakStream> sources)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    for (Scrape now = site.scrape(); !allDubbed(now, sources.size()); now = site.scrape()) {
      check(site, sources);
      if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(FIRST_DUBS_SECONDS)) {
        throw new ChainException(
            ChainException.Link.STS,
            "none of one stream within %d s of going on air; %.0f segments fell back; %s"
                .formatted(
                    FIRST_DUBS_SECONDS,
                    now.sum("worker_fallback_total", Map.of()),
                    stsUrl == null ? "the stand-in of this bench" : stsUrl.toString()));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static String message(IOException e) {
    return String.valueOf(e.getMessage());
  }

  private static String id(int number) {
    return "soak" + number;
  }

  private static boolean allDubbed(Scrape scrape, int count) {
    for (int i = 0; i < count; i++) {
      Map<String, String> labels = Map.of("stream_id", id(i), "status", "processed");
      if (scrape.sum("worker_audio_fragments_total", labels) < 1) {
        return false;
      }
    }
    return true;
  }

  /** Everything that the measurement rests on still works. */
  private static void check(BenchSite site, List<SoakStream> sources) throws IOException {
    if (!site.worker().isRunning()) {
      throw new IOException("the worker ended by itself: " + site.worker().end());
    }
    for (int i = 0; i < sources.size(); i++) {
      String failure = sources.get(i).failure();
      if (failure != null) {
        throw new IOException("the publisher of " + id(i) + " ended: " + failure);
      }
    }
  }

  private List<SoakSchedule.Injection> schedule() {
    if (faults == null) {
      return List.of();
    }
    List<SoakFault> kinds =
        Arrays.stream(SoakFault.values())
            .filter(fault -> stsUrl == null || !fault.needsStandIn())
            .toList();
    return SoakSchedule.of(faults, streams, minutes.doubleValue(), kinds);
  }

  private SoakResult measure(
      BenchSite site,
      SoakFilm film,
      List<SoakStream> sources,
      SoakAudience audience,
      FaultProxy api,
      List<Figure> figures)
      throws IOException, InterruptedException {
    List<SoakSchedule.Injection> schedule = schedule();
    int untouched = faults == null ? streams : SoakSchedule.untouched(streams);
    Scrape first = site.scrape();
    FallbackLedger ledger = new FallbackLedger(schedule, fallbacks(first));
    SoakAudience.Tally before = audience.tally(0, untouched);
    SoakResult result;
    try (SoakInjector injector = new SoakInjector(site, sources, api, audience)) {
      schedule.forEach(one -> spec.commandLine().getErr().println("to come: " + one.line()));
      injector.start(schedule);
      result = sample(site, film, sources, ledger);
      for (String failure : injector.failures()) {
        spec.commandLine().getErr().println("not injected: " + failure);
      }
      if (faults != null) {
        figures.add(Figure.of("faults injected", injector.done(), ""));
        figures.add(
            Figure.goal("faults that could not be injected", injector.failures().size(), "", 0));
      }
    }
    figures.add(Figure.of("fallbacks that faults explain", ledger.explained(), ""));
    figures.add(Figure.goal("fallbacks without a fault", ledger.unexplained(), "", 0));
    double late = 0;
    double fallen = 0;
    double again = 0;
    for (int i = 0; i < untouched; i++) {
      Map<String, String> labels = Map.of("stream_id", id(i));
      late += ProcessSample.late(result.scrape(), labels) - ProcessSample.late(first, labels);
      fallen += grown("worker_fallback_total", labels, first, result.scrape());
      for (String reconnections : RECONNECTIONS) {
        again += grown(reconnections, labels, first, result.scrape());
      }
    }
    figures.add(Figure.of("streams without a fault", untouched, ""));
    figures.add(Figure.goal("their packets more than 100 ms late", late, "", 0));
    figures.add(Figure.goal("their fallbacks", fallen, "", 0));
    figures.add(Figure.goal("their reconnections (source, output, STS)", again, "", 0));
    if (viewers > 0) {
      SoakAudience.Tally after = audience.tally(0, untouched);
      audience.ends(0, untouched).forEach(end -> spec.commandLine().getErr().println(end));
      figures.add(Figure.of("viewers", viewers, ""));
      figures.add(Figure.of("sent to viewers", audience.tally(0, streams).bytes() / MIB, "MiB"));
      figures.add(Figure.of("viewers of streams without a fault", after.viewers(), ""));
      figures.add(Figure.goal("their gaps", (double) after.gaps() - before.gaps(), "", 0));
      figures.add(
          Figure.goal("their lost connections", (double) after.ends() - before.ends(), "", 0));
    }
    return result;
  }

  private static double grown(
      String name, Map<String, String> labels, Scrape before, Scrape after) {
    return after.sum(name, labels) - before.sum(name, labels);
  }

  private double[] fallbacks(Scrape scrape) {
    double[] counts = new double[streams];
    for (int i = 0; i < streams; i++) {
      counts[i] = scrape.sum("worker_fallback_total", Map.of("stream_id", id(i)));
    }
    return counts;
  }

  private SoakResult sample(
      BenchSite site, SoakFilm film, List<SoakStream> sources, FallbackLedger ledger)
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
        check(site, sources);
        double minute = (System.nanoTime() - begin) / NANOS_PER_MINUTE;
        Scrape scrape = site.scrape();
        if (scrape.sum("worker_streams", Map.of()) == 0) {
          // No answer on a machine that is busy with other things: the next sample will tell.
          continue;
        }
        ProcessSample sample;
        try {
          sample = ProcessSample.take(site.worker().pid(), minute, scrape);
        } catch (NoSuchFileException e) {
          check(site, sources);
          throw e;
        }
        samples.add(sample);
        file.add(sample);
        ledger.add(minute * 60, fallbacks(scrape));
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
