package babelmux.app;

import babelmux.app.relay.DestinationTally;
import babelmux.app.relay.RelayInput;
import babelmux.app.relay.RelayReport;
import babelmux.app.relay.RelayTarget;
import babelmux.app.relay.SourceTally;
import babelmux.media.Natives;
import babelmux.worker.config.Catalog;
import babelmux.worker.config.OutputConfig;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.destinations.DestinationServers;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.output.DestinationTarget;
import babelmux.worker.session.Relay;
import babelmux.worker.session.RelayOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux relay IN --to NAME=URL...}: one stream to many places, as it is. */
@Command(
    name = "relay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Send one stream to many places, as it is: nothing is dubbed or coded again.",
      "Sends the first video and the first audio track. A destination that is slow, dead or does not take the codec",
      "costs the others nothing. Ends when the source is gone for longer than --source-grace, at the end of a file,",
      "with Ctrl-C or SIGTERM; then it reports what each destination got."
    },
    footer = {
      "",
      "Exit codes: 0 every destination got everything, 1 one did not or nothing was read, 2 wrong usage.",
      "Example: babelmux relay rtmp://localhost/live/show/in --to youtube=@/run/secrets/youtube --to archive=show.mkv"
    })
final class RelayCommand implements Callable<Integer> {
  private static final Duration FINISH_LIMIT = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  @Spec private CommandSpec spec;

  @Mixin private LogOptions log = new LogOptions();

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description =
          "What to send: a URL of rtmp, rtmps, rtsp or srt, or a file, which is sent as fast as it plays, once."
              + " @FILE: a file whose only line is the URL.")
  private String input = "";

  @Option(
      names = "--to",
      paramLabel = "NAME=URL",
      required = true,
      description =
          "Where to send it: a URL of rtmp, rtmps or srt, or a file (.mp4, .mkv, .ts, .flv; one that exists is kept,"
              + " the new one gets a number). NAME=@FILE: a file whose only line is the URL. At least one.")
  private List<String> to = List.of();

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  RelayCommand() {}

  @Override
  public Integer call() throws Exception {
    log.setUp();
    WorkerConfig settings =
        SettingOptions.load(
            spec.commandLine().getParseResult(), System.getenv(), Catalog.ofRelays());
    RelayInput from = from();
    List<RelayTarget> targets = targets(from);
    DestinationServers servers = servers(settings.output());
    Natives.load();
    try (Termination termination = Termination.install(STOP_LIMIT)) {
      RelayReport report = run(from, targets, servers, settings.source().grace(), termination);
      print(report);
      int code = report.complete() ? 0 : FailureLine.FAILED;
      termination.finished(code);
      return code;
    }
  }

  private RelayInput from() {
    try {
      return RelayInput.parse(input);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private List<RelayTarget> targets(RelayInput from) {
    List<RelayTarget> targets;
    try {
      targets = RelayTarget.parse(to);
    } catch (IllegalArgumentException e) {
      throw usage("--to: " + e.getMessage());
    }
    for (RelayTarget target : targets) {
      if (from.isSameAs(target)) {
        throw usage("--to: %s: expected another URL than IN".formatted(target.name()));
      }
    }
    return targets;
  }

  private DestinationServers servers(OutputConfig output) {
    try {
      return DestinationServers.of(output);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static RelayReport run(
      RelayInput from,
      List<RelayTarget> targets,
      DestinationServers servers,
      Duration grace,
      Termination termination) {
    SourceTally source = new SourceTally();
    List<DestinationTally> tallies = new ArrayList<>();
    List<Destination> destinations = new ArrayList<>();
    for (RelayTarget target : targets) {
      DestinationTally tally = new DestinationTally();
      tallies.add(tally);
      destinations.add(open(target, servers, tally));
    }
    List<DestinationStatus> atEnd = new ArrayList<>();
    Relay relay =
        new Relay(
            from.locator(),
            new RelayOptions(from.isFile(), grace, FINISH_LIMIT),
            destinations,
            source,
            () -> destinations.forEach(destination -> atEnd.add(destination.status())));
    endWith(termination, relay);
    relay.run();
    List<RelayReport.Destination> got = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      got.add(
          tallies
              .get(i)
              .report(
                  targets.get(i),
                  atEnd.get(i).state().label(),
                  destinations.get(i).status(),
                  source.packets()));
    }
    return RelayReport.of(source.report(from.toString(), relay.video(), relay.audio()), got);
  }

  /** Its thread and its log lines carry the destination's name. */
  private static Destination open(
      RelayTarget target, DestinationServers servers, DestinationTally tally) {
    DestinationTarget connected = target.target(servers);
    Destination destination =
        new Destination(
            target.name(), 0, connected, DestinationOptions.ofFurther(connected), tally);
    destination.keepOverGaps();
    return destination;
  }

  private static void endWith(Termination termination, Relay relay) {
    Thread waiting =
        new Thread(
            () -> {
              try {
                termination.await();
                relay.end();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "shutdown");
    waiting.setDaemon(true);
    waiting.start();
  }

  private void print(RelayReport report) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.text());
    out.flush();
  }
}
