package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.AcceptanceRun;
import babelmux.demo.LocalStack;
import babelmux.demo.Report;
import babelmux.demo.Scenario;
import babelmux.demo.StepResult;
import babelmux.stsecho.monitor.StsMonitor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The seven steps of the acceptance page: both fixtures, both ways to publish, as four streams of
 * one running system at once; on the embedded origin always, on MediaMTX where it is found.
 */
@Tag(Machine.TIMES)
@ResourceLock(Machine.STREAMS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SevenStepsIT {
  private static final long START_INTERVAL_MS = 700;
  private static final Duration DELAY = Duration.ofSeconds(8);
  private static final List<String> TITLES =
      List.of(
          "origin, worker and STS are healthy",
          "the published stream is listed",
          "the hook reached the worker, and it reads",
          "5 fragments processed, in order",
          "each carries dubbed sound, transcript and translation",
          "the output is the same picture with sound, complete and in its place",
          "the counters agree, and picture and sound are in step");

  private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(8);
  private int started;
  private final List<AutoCloseable> running = new ArrayList<>();

  private final List<DynamicNode> embedded = new ArrayList<>();
  private final List<DynamicNode> mediaMtx = new ArrayList<>();

  /** All streams on both servers run side by side. */
  @BeforeAll
  void start() throws Exception {
    embedded.addAll(on(Servers.EMBEDDED));
    Optional<Path> program = Servers.mediaMtx();
    if (program.isPresent()) {
      mediaMtx.addAll(on(program.get().toString()));
    } else {
      for (int n = 0; n < embedded.size() * TITLES.size(); n++) {
        mediaMtx.add(DynamicTest.dynamicTest("a step", Servers::realOrSkip));
      }
    }
  }

  @TestFactory
  List<DynamicNode> onTheEmbeddedOrigin() {
    return embedded;
  }

  @TestFactory
  List<DynamicNode> onMediaMtx() {
    return mediaMtx;
  }

  private List<DynamicNode> on(String server) throws Exception {
    PrintWriter quiet = new PrintWriter(PrintWriter.nullWriter());
    LocalStack stack = LocalStackFactory.start(server, DELAY, quiet);
    running.add(stack);
    StsMonitor monitor = AcceptanceRun.watch(stack);
    running.add(0, monitor);
    String prefix = server.equals(Servers.EMBEDDED) ? "origin" : "mediamtx";
    List<DynamicNode> nodes = new ArrayList<>();
    for (Path film : List.of(Films.counting(), Films.noBframes())) {
      for (int offset : List.of(3, 0)) {
        String id =
            prefix + (film.equals(Films.counting()) ? "-counting-" : "-no-bframes-") + offset;
        Path recording = Films.output().resolve(id + ".mp4");
        Scenario scenario = new Scenario(id, film, offset, recording, DELAY);
        // One after the other: steps 1 and 2 measure starts, and eight processes at once would be
        // measured
        // instead.
        Future<Report> report =
            pool.schedule(
                () -> new AcceptanceRun(stack, monitor, scenario, line -> {}).run(),
                START_INTERVAL_MS * started++,
                TimeUnit.MILLISECONDS);
        nodes.add(steps(id, report));
      }
    }
    return nodes;
  }

  private static DynamicNode steps(String id, Future<Report> report) {
    List<DynamicNode> tests = new ArrayList<>();
    for (int n = 0; n < TITLES.size(); n++) {
      int step = n;
      tests.add(
          DynamicTest.dynamicTest(
              id + " step " + n + ": " + TITLES.get(n), () -> check(id, report.get(), step)));
    }
    return DynamicContainer.dynamicContainer(id, tests);
  }

  private static void check(String id, Report report, int step) {
    List<StepResult> results =
        report.steps().stream().filter(result -> result.step() == step).toList();
    assertThat(results).as("step %d was reached", step).hasSize(1);
    StepResult result = results.get(0);
    result
        .measured()
        .forEach((what, value) -> babelmux.e2e.Report.measured(id + ", " + what, value));
    assertThat(result.ok()).as(result.problem() + " " + result.measured()).isTrue();
  }

  @AfterAll
  void stop() throws Exception {
    pool.shutdownNow();
    for (AutoCloseable part : running) {
      part.close();
    }
  }
}
