package babelmux.app;

import babelmux.demo.AcceptanceRun;
import babelmux.demo.Distribution;
import babelmux.demo.LocalStack;
import babelmux.demo.Report;
import babelmux.demo.Scenario;
import babelmux.stsecho.monitor.StsMonitor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code babelmux demo}: everything on one machine, published, dubbed, recorded, measured. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "See it work: everything on this machine, checked and reported.",
      "Starts an origin (MediaMTX where it is found, else the embedded one), the STS stand-in and the worker;",
      "publishes a film that counts in English, records what comes out counting in Spanish, and measures it.",
      "Takes about 50 seconds."
    })
final class DemoCommand implements Callable<Integer> {
  static final Duration DELAY = Duration.ofMillis(14_500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  @Spec private CommandSpec spec;
  @Mixin private QuietLogOptions log = new QuietLogOptions();

  @Option(
      names = "--mediamtx",
      paramLabel = "auto|none|PATH",
      defaultValue = "auto",
      description =
          "The MediaMTX program to use: auto looks for it (MEDIAMTX_BIN, PATH, our cache), none takes the"
              + " embedded origin. Default: ${DEFAULT-VALUE}.")
  private String mediaMtx = "auto";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "babelmux-demo.mp4",
      description = "Where the dubbed film goes. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("babelmux-demo.mp4");

  @Option(
      names = "--fixture",
      paramLabel = "FILE",
      description =
          "The film to publish; it must carry the fixtures' marks. Default: 30s-counting-english.mp4.")
  private @Nullable Path fixture;

  @Option(
      names = "--plain",
      description =
          "Publish with times from 0 on, as most people do: MediaMTX withholds the first 2 s.")
  private boolean plain;

  @Option(names = "--keep", description = "Leave everything running afterwards, until Ctrl-C.")
  private boolean keep;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    log.setUp();
    Path film =
        fixture == null
            ? Distribution.home().resolve("fixtures/30s-counting-english.mp4")
            : fixture;
    if (!Files.isReadable(film)) {
      throw new ParameterException(
          spec.commandLine(), "--fixture: " + film + ": expected a film that can be read");
    }
    PrintWriter err = spec.commandLine().getErr();
    try (Termination termination = Termination.install(STOP_LIMIT)) {
      int code = run(film, err, termination);
      termination.finished(code);
      return code;
    }
  }

  private int run(Path film, PrintWriter err, Termination termination)
      throws IOException, InterruptedException {
    StringWriter started = new StringWriter();
    try (LocalStack stack =
            LocalStackFactory.start(mediaMtx, DELAY, new PrintWriter(started, true));
        StsMonitor monitor = AcceptanceRun.watch(stack)) {
      Scenario scenario = new Scenario("demo", film, plain ? 0 : 3, output, DELAY);
      if (keep) {
        PrintWriter out = json ? err : spec.commandLine().getOut();
        out.println("page        " + stack.pageUrl());
        out.flush();
      }
      // Behind the page's address, which stands before all else.
      err.print(started);
      err.flush();
      ProgressLine progress = new ProgressLine(err);
      Report report = new AcceptanceRun(stack, monitor, scenario, progress::show).run();
      progress.end();
      print(report);
      if (keep) {
        stay(stack, termination);
      }
      return report.ok() ? 0 : FailureLine.FAILED;
    }
  }

  private void print(Report report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report));
    } else {
      out.print(report.text());
      out.println(report.ok() ? "all seven steps hold" : "NOT all steps hold");
    }
    out.flush();
  }

  private void stay(LocalStack stack, Termination termination) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("page        " + stack.pageUrl());
    out.println("publish to  " + stack.inputUrl("NAME"));
    out.println("watch       " + stack.outputUrl("NAME") + "   (14.5 s later)");
    out.println("worker      " + stack.workerUrl());
    out.println("Ctrl-C ends it.");
    out.flush();
    termination.await();
  }
}
