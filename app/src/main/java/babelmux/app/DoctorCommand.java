package babelmux.app;

import babelmux.app.client.WorkerPort;
import babelmux.app.doctor.Doctor;
import babelmux.app.doctor.Host;
import babelmux.app.doctor.Level;
import babelmux.app.doctor.LonePort;
import babelmux.app.doctor.Report;
import babelmux.app.doctor.Setup;
import babelmux.app.doctor.StsPace;
import babelmux.app.doctor.WorkerClient;
import babelmux.worker.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code babelmux doctor}: looks before a worker is started. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Check everything between the publisher and the viewer: this machine, MediaMTX, its hooks, the STS,",
      "the output. Publishes to live/babelmux-doctor-.../in and out for 4 s. Where a worker runs on the port,",
      "it is asked to look; else doctor listens there meanwhile.",
      "Takes serve's options, environment and file. One line each: ok, unknown (cannot be seen from here),",
      "warn (streams are dubbed, something is at risk), fail. docs/doctor.md explains each code."
    },
    footer = {"", "Exit code 0 without a fail, else 1."})
final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Option(
      names = "--measure-sts",
      description =
          "Have the STS dub ten fragments more, and say which delay it needs. Takes up to a minute and a half.")
  private boolean measureSts;

  @Option(
      names = "--no-publish",
      negatable = false,
      description = "Leave the test publish out: nothing is sent to MediaMTX but questions.")
  private boolean noPublish;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DoctorCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded = SettingOptions.load(spec.commandLine().getParseResult(), System.getenv());
    Logging.setUp(loaded.config().log());
    Report report = look(loaded);
    if (measureSts) {
      report = StsPace.measured(report, loaded.config());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.json());
    } else {
      report.findings().forEach(finding -> out.println(finding.line()));
    }
    return report.level() == Level.FAIL ? FailureLine.FAILED : 0;
  }

  /** A worker that runs looks itself: its port gets the hooks. */
  private Report look(LoadedConfig loaded) throws InterruptedException {
    Setup setup = Setup.of(Version.text(), loaded, System.getenv());
    WorkerClient worker = new WorkerClient(loaded.config());
    WorkerPort.Reply answer = worker.isThere() ? worker.run(!noPublish) : null;
    Optional<Report> report = Optional.ofNullable(answer).flatMap(WorkerClient::report);
    if (report.isPresent()) {
      return report.get();
    }
    if (answer != null) {
      return Doctor.look(setup, Host.refused(answer, loaded.config().http().port()), !noPublish);
    }
    try (LonePort port = new LonePort(loaded.config())) {
      return Doctor.look(setup, port.host(), !noPublish);
    }
  }
}
