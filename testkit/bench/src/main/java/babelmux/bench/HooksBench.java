package babelmux.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench hooks}: how fast the worker answers hooks. */
@Command(
    name = "hooks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How fast the worker answers MediaMTX's hooks.",
      "One after another on a connection that stays, with a connection each, and in bursts. The hooks are",
      "for 50 streams that nobody publishes: sessions start and fail beside. Takes some seconds."
    })
final class HooksBench implements Callable<Integer> {
  private static final double GOAL_MS = 50;
  private static final int STREAMS = 50;
  private static final long PAUSE_MILLIS = 100;

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Hooks in each of the three rounds. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "50",
      description = "Hooks at the same moment, in the third round. Default: ${DEFAULT-VALUE}.")
  private int atOnce;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  HooksBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    if (count < 1 || atOnce < 1) {
      throw new ParameterException(
          spec.commandLine(), "--count and --at-once: expected 1 or more of each");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<Figure> figures = new ArrayList<>();
    try (BenchSite site =
        BenchSite.start(bench.program(), "none", List.of("--max-streams", "1000"))) {
      // The first hooks find a cold program, as the first publisher of the day does.
      List<HookClient.Answer> first = round(site, true, 1, 1);
      figures.add(Figure.of("first hook of the process", millis(first).max(), "ms"));
      // The client's own first request is in the time that it sees.
      double inWorker = site.scrape().sum("worker_hook_answer_seconds_sum", Map.of());
      figures.add(
          Figure.goal("first hook of the process, in the worker", inWorker * 1000, "ms", GOAL_MS));
      add(figures, "one connection", round(site, true, count, 1));
      add(figures, "a connection each", round(site, false, count, 1));
      add(figures, "bursts of " + atOnce, bursts(site));
    }
    BenchReport report =
        new BenchReport(
            "hooks",
            "./babelmux bench hooks --count " + count + " --at-once " + atOnce,
            count + " hooks a round, seen from the client; the worker is a process of its own.",
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private List<HookClient.Answer> bursts(BenchSite site)
      throws InterruptedException, ExecutionException {
    List<HookClient.Answer> answers = new ArrayList<>();
    for (int sent = 0; sent < count; sent += atOnce) {
      answers.addAll(round(site, false, atOnce, atOnce));
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return answers;
  }

  private static List<HookClient.Answer> round(
      BenchSite site, boolean keepAlive, int hooks, int clients)
      throws InterruptedException, ExecutionException {
    HookClient client = new HookClient(site.worker().url(), keepAlive);
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    CountDownLatch begin = new CountDownLatch(1);
    try {
      List<Future<HookClient.@Nullable Answer>> futures = new ArrayList<>();
      for (int i = 0; i < hooks; i++) {
        String event = i / STREAMS % 2 == 0 ? "ready" : "not-ready";
        String body = HookBody.of("live/bench" + i % STREAMS + "/in", UUID.randomUUID().toString());
        futures.add(
            pool.submit(
                () -> {
                  begin.await();
                  return client.send(event, body);
                }));
      }
      begin.countDown();
      List<HookClient.Answer> answers = new ArrayList<>();
      for (Future<HookClient.@Nullable Answer> future : futures) {
        HookClient.Answer answer = future.get();
        if (answer != null) {
          answers.add(answer);
        }
      }
      return answers;
    } finally {
      pool.shutdownNow();
    }
  }

  private static void add(List<Figure> figures, String name, List<HookClient.Answer> answers) {
    Quantiles quantiles = millis(answers);
    long others = answers.stream().filter(answer -> answer.status() != 200).count();
    figures.add(Figure.of(name + ", p50", quantiles.p50(), "ms"));
    figures.add(Figure.goal(name + ", p99", quantiles.p99(), "ms", GOAL_MS));
    figures.add(Figure.of(name + ", max", quantiles.max(), "ms"));
    figures.add(Figure.goal(name + ", answers other than 200", (double) others, "", 0.0));
  }

  private static Quantiles millis(List<HookClient.Answer> answers) {
    return Quantiles.of(answers.stream().mapToDouble(answer -> answer.nanos() / 1e6).toArray());
  }
}
