package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench kills}: a worker that is killed under its streams, again and again. */
@Command(
    name = "kills",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How soon a worker that is killed with SIGKILL under its streams has them back.",
      "It is started again at once, is told nothing, and finds the publishers through the Control API. A kill takes",
      "about 15 s: delay 7 s, and the start of a process. Looks all the time whether an output has two publishers."
    })
final class KillsBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofSeconds(7);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration FILM = Duration.ofHours(12);
  private static final long POLL_MILLIS = 20;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "100",
      description = "How often the worker is killed. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--streams",
      paramLabel = "M",
      defaultValue = "5",
      description = "Streams that it runs. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  KillsBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (kills < 1 || streams < 1) {
      throw new ParameterException(spec.commandLine(), "--kills, --streams: expected 1 or more");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<MediaTask> publishers = new ArrayList<>();
    BenchReport report;
    try (MediaServer server = MediaServer.start(origin.mediaMtx(), OriginConfig.defaults());
        StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).build());
        PublisherWatch watch = PublisherWatch.start(server.apiUrl())) {
      try {
        Path film = Distribution.fixture("30s-counting-english.mp4");
        for (int i = 0; i < streams; i++) {
          publishers.add(StreamPublisher.loop(film, server.rtmpUrl() + in(i), 3, FILM));
        }
        await(server, "/in", LIMIT);
        List<KillRound> rounds = rounds(server, flags(server, sts));
        report = report(server.name(), machine, rounds, watch);
      } finally {
        publishers.forEach(MediaTask::close);
      }
    }
    return output.print(report, spec.commandLine().getOut());
  }

  private static String in(int stream) {
    return "/live/kill" + stream + "/in";
  }

  private static List<String> flags(MediaServer server, StsEcho sts) {
    return List.of(
        "--rtmp-url",
        server.rtmpUrl().toString(),
        "--mediamtx-api",
        server.apiUrl().toString(),
        "--sts-url",
        "http://127.0.0.1:" + sts.port(),
        "--delay",
        DELAY.toMillis() + "ms",
        "--log-level",
        "error");
  }

  private BenchReport report(
      String server, MachineNote machine, List<KillRound> rounds, PublisherWatch watch) {
    List<Figure> figures = KillRound.figures(rounds, kills, watch.most());
    figures.add(Figure.of("times that publishers were counted", watch.looks(), ""));
    return new BenchReport(
        "kills",
        "./babelmux bench kills --kills %d --streams %d --mediamtx %s"
            .formatted(kills, streams, origin.mediaMtx()),
        "Origin: %s; %d streams, delay 7 s; the worker is a process of its own, is killed with SIGKILL and started again at once. No hook tells it of the streams."
            .formatted(server, streams),
        machine,
        figures);
  }

  /** The rounds after which everything was back. */
  private List<KillRound> rounds(MediaServer server, List<String> flags)
      throws IOException, InterruptedException {
    List<KillRound> rounds = new ArrayList<>();
    HostProgram.Progress progress = bench.program().progress(spec.commandLine().getErr());
    WorkerProcess worker = WorkerProcess.start(bench.program().command(), flags, Map.of());
    try {
      if (!await(server, "/out", LIMIT)) {
        throw new IOException("the streams do not begin: " + worker.said());
      }
      for (int i = 0; i < kills; i++) {
        long begin = System.nanoTime();
        worker.kill();
        double startedMs = sinceMs(begin);
        worker = WorkerProcess.start(bench.program().command(), flags, Map.of());
        double listeningMs = sinceMs(begin);
        Optional<Double> takenUp = awaitRead(worker, begin);
        Optional<Double> back =
            await(server, "/out", LIMIT) ? Optional.of(sinceMs(begin)) : Optional.empty();
        if (takenUp.isPresent() && back.isPresent()) {
          rounds.add(new KillRound(startedMs, listeningMs, takenUp.get(), back.get()));
        } else {
          spec.commandLine().getErr().printf("kill %d: %s%n", i + 1, worker.said());
        }
        progress.show("kill %d of %d".formatted(i + 1, kills));
      }
    } finally {
      progress.end();
      worker.close();
    }
    return rounds;
  }

  private static double sinceMs(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1e6;
  }

  /** Waits until a packet of every stream has been read; empty when that takes too long. */
  private Optional<Double> awaitRead(WorkerProcess worker, long begin) throws InterruptedException {
    while (System.nanoTime() - begin < LIMIT.toNanos()) {
      int reading = 0;
      for (JsonNode stream : Web.json(worker.url() + "/v1/streams").path("streams")) {
        reading += StreamStates.isReading(stream) ? 1 : 0;
      }
      if (reading == streams) {
        return Optional.of(sinceMs(begin));
      }
      Thread.sleep(POLL_MILLIS);
    }
    return Optional.empty();
  }

  /** Waits until readers of this path of every stream can be served. */
  private boolean await(MediaServer server, String end, Duration limit)
      throws InterruptedException {
    String url = server.apiUrl() + "/v3/paths/list?itemsPerPage=1000";
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < limit.toNanos()) {
      int ready = 0;
      for (JsonNode path : Web.json(url).path("items")) {
        boolean listed = path.path("ready").asBoolean() || path.path("available").asBoolean();
        ready += listed && path.path("name").asText().endsWith(end) ? 1 : 0;
      }
      if (ready == streams) {
        return true;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }
}
