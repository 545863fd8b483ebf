package babelmux.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench relay}: what sending one stream to several places costs. */
@Command(
    name = "relay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What 'babelmux relay' costs in CPU and memory, beside an ffmpeg program.",
      "Both read the same stream at the same time and publish it at N places each, as it is. Takes about two"
          + " minutes."
    })
final class RelayBench implements Callable<Integer> {
  private static final double RATIO_GOAL = 1.0;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double MIB = 1 << 20;
  private static final String STREAM = "one";

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--places",
      paramLabel = "N",
      defaultValue = "5",
      description = "Destinations of each. Default: ${DEFAULT-VALUE}.")
  private int places;

  @Option(
      names = "--seconds",
      paramLabel = "T",
      defaultValue = "60",
      description = "How long is measured, after a warm-up of 40 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  RelayBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (places < 1 || places > 50 || seconds < 5) {
      throw new ParameterException(
          spec.commandLine(), "--places and --seconds: expected 1 to 50, 5 or more");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<Figure> figures = new ArrayList<>();
    FfmpegProgram ffmpeg = FfmpegProgram.ofTheArtifact();
    String version = ffmpeg.ownVersion();
    String server;
    try (SoakFilm film = SoakFilm.make();
        BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), List.of())) {
      server = site.originName();
      site.publish(STREAM, film, 0);
      figures.add(Figure.of("places of each", places, ""));
      figures.add(Figure.of("bit rate", film.bitRate() / 1e6, "Mbit/s"));
      try (MediaProgram relay = MediaProgram.start(relay(site));
          MediaProgram program =
              MediaProgram.copy(ffmpeg, site.stack().inputUrl(STREAM), urls(site, "ffmpeg"))) {
        awaitListed(site, "relay", relay);
        awaitListed(site, "ffmpeg", program);
        measure(relay, program, "ffmpeg " + version, figures);
      }
    }
    BenchReport report =
        new BenchReport(
            "relay",
            "./babelmux bench relay --places %d --seconds %d --mediamtx %s"
                .formatted(places, seconds, origin.mediaMtx()),
            "Origin: "
                + server
                + "; babelmux relay and ffmpeg "
                + version
                + " (-c copy -f flv, as often as there are places) read the same stream at the same"
                + " time, and publish it at the same server.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private List<String> relay(BenchSite site) {
    List<String> command = new ArrayList<>(bench.program().command());
    command.addAll(List.of("relay", site.stack().inputUrl(STREAM), "--log-level", "error"));
    int number = 0;
    for (String url : urls(site, "relay")) {
      command.addAll(List.of("--to", "d" + number++ + "=" + url));
    }
    return command;
  }

  private List<String> urls(BenchSite site, String of) {
    String server = site.stack().server().rtmpUrl().toString();
    return paths(of).stream().map(path -> server + "/" + path).toList();
  }

  private List<String> paths(String of) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      paths.add("live/" + STREAM + "/" + of + i);
    }
    return paths;
  }

  private void awaitListed(BenchSite site, String of, MediaProgram by)
      throws IOException, InterruptedException {
    for (String path : paths(of)) {
      site.awaitListed(path, LIMIT, by::said);
    }
  }

  private void measure(MediaProgram relay, MediaProgram program, String name, List<Figure> figures)
      throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    Duration relayBefore = ProcessUsage.cpu(relay.pid());
    Duration programBefore = ProcessUsage.cpu(program.pid());
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double relayCpu = millis(ProcessUsage.cpu(relay.pid()).minus(relayBefore));
    double programCpu = millis(ProcessUsage.cpu(program.pid()).minus(programBefore));
    double elapsed = (System.nanoTime() - begin) / 1e6;
    figures.add(Figure.of("relay, CPU", 100 * relayCpu / elapsed, "% of a core"));
    figures.add(Figure.of(name + ", CPU", 100 * programCpu / elapsed, "% of a core"));
    figures.add(
        Figure.goal("CPU, relay : " + name, relayCpu / Math.max(1, programCpu), "", RATIO_GOAL));
    figures.add(resident("relay", relay));
    figures.add(resident("ffmpeg", program));
  }

  private static Figure resident(String name, MediaProgram program) throws IOException {
    double bytes = ProcessUsage.residentBytes(program.pid()).orElse(0);
    return Figure.of(name + ", resident", bytes / MIB, "MiB");
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
