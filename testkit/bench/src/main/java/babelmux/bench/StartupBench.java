package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench startup}: how long the program takes to start. */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How soon serve is ready, and how soon dub is done with a film of 30 s.",
      "serve: from the start of the process until GET /health/ready is 200; MediaMTX and STS are not there. dub: from",
      "the start of the process to its end, once with an STS that runs, once with a stand-in of its own. One start of",
      "each goes before and is not counted. The order is serve, dub, dub, again and again."
    })
final class StartupBench implements Callable<Integer> {
  private static final double SERVE_GOAL_MS = 1000;
  private static final double DUB_GOAL_MS = 2000;
  private static final long DUB_LIMIT_SECONDS = 120;
  private static final long READY_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long POLL_MILLIS = 2;
  private static final String VOICE = "counting-es";

  /** Port 1 of this machine: nothing listens there. */
  private static final List<String> NOTHING_THERE =
      List.of(
          "--host",
          "127.0.0.1",
          "--rtmp-url",
          "rtmp://127.0.0.1:1",
          "--mediamtx-api",
          "http://127.0.0.1:1",
          "--sts-url",
          "http://127.0.0.1:1",
          "--log-level",
          "error");

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "15",
      description = "Starts of each. Default: ${DEFAULT-VALUE}.")
  private int count;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  StartupBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (count < 1) {
      throw new ParameterException(spec.commandLine(), "--count: expected 1 or more");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    double[] serve = new double[count];
    double[] dub = new double[count];
    double[] alone = new double[count];
    Path film = Distribution.fixture("30s-counting-english.mp4");
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    try (StsEcho sts =
        StsEcho.start(StsEchoConfig.builder().port(0).voice(VoiceKind.of(VOICE)).build())) {
      List<String> running = List.of("--sts-url", "http://127.0.0.1:" + sts.port());
      List<String> own = List.of("--sts", VOICE);
      serveMs();
      dubMs(film, running);
      dubMs(film, own);
      for (int i = 0; i < count; i++) {
        serve[i] = serveMs();
        dub[i] = dubMs(film, running);
        alone[i] = dubMs(film, own);
        progress.show("%d of %d".formatted(i + 1, count));
      }
    } finally {
      progress.end();
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("starts of each", count, ""));
    figures.add(Figure.of("files kept by prepare", kept(), ""));
    figures.addAll(figures("serve, ready", serve, SERVE_GOAL_MS));
    figures.addAll(figures("dub, STS runs", dub, DUB_GOAL_MS));
    figures.addAll(figures("dub, stand-in of its own", alone, DUB_GOAL_MS));
    BenchReport report =
        new BenchReport(
            "startup",
            "./babelmux bench startup --count " + count,
            "Processes of their own, one at a time; the film has 30 s, 720p.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  /**
   * Times of one kind of start.
   *
   * @param values in ms, at least one
   * @param maxGoal that the median is to keep
   */
  static List<Figure> figures(String name, double[] values, double maxGoal) {
    Quantiles quantiles = Quantiles.of(values);
    return List.of(
        Figure.goal(name + ", p50", quantiles.p50(), "ms", maxGoal),
        Figure.of(name + ", p95", quantiles.p95(), "ms"),
        Figure.of(name + ", min", Arrays.stream(values).min().orElseThrow(), "ms"),
        Figure.of(name + ", max", quantiles.max(), "ms"));
  }

  /** Class archives and caches of this installation; without them a start takes longer. */
  private static int kept() throws IOException {
    Path library = Distribution.home().resolve("lib");
    if (!Files.isDirectory(library)) {
      return 0;
    }
    int files = 0;
    try (DirectoryStream<Path> found = Files.newDirectoryStream(library, "*.{jsa,aot}")) {
      for (Path file : found) {
        files += Files.isRegularFile(file) ? 1 : 0;
      }
    }
    return files;
  }

  private double serveMs() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    WorkerProcess worker = WorkerProcess.start(bench.program().command(), NOTHING_THERE, Map.of());
    try {
      awaitReady(worker);
      return (System.nanoTime() - begin) / 1e6;
    } finally {
      worker.kill();
    }
  }

  private static void awaitReady(WorkerProcess worker) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    URI ready = worker.url().resolve("/health/ready");
    while (status(ready) != HttpURLConnection.HTTP_OK) {
      if (!worker.isRunning() || System.nanoTime() - begin > READY_LIMIT_NANOS) {
        throw new IOException("the worker is not ready: " + worker.said());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static int status(URI url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private double dubMs(Path film, List<String> sts) throws IOException, InterruptedException {
    Path dubbed = Files.createTempFile("babelmux-startup", ".mp4");
    Path said = Files.createTempFile("babelmux-startup", ".log");
    try {
      List<String> command =
          Stream.of(
                  bench.program().command(),
                  List.of("dub", film.toString(), dubbed.toString(), "--strict"),
                  sts)
              .flatMap(List::stream)
              .toList();
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
      // The service of whoever runs this is another one.
      builder.environment().keySet().removeIf(name -> name.contains("STS_"));
      long begin = System.nanoTime();
      Process process = builder.start();
      boolean over = process.waitFor(DUB_LIMIT_SECONDS, TimeUnit.SECONDS);
      double millis = (System.nanoTime() - begin) / 1e6;
      if (!over) {
        process.destroyForcibly();
      }
      if (!over || process.exitValue() != 0) {
        throw new IOException("dub failed: " + Files.readString(said).strip());
      }
      return millis;
    } finally {
      Files.deleteIfExists(dubbed);
      Files.deleteIfExists(said);
    }
  }
}
