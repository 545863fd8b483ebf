package babelmux.app;

import babelmux.app.doctor.Doctor;
import babelmux.app.doctor.Level;
import babelmux.app.doctor.Report;
import babelmux.app.doctor.StsPace;
import babelmux.worker.config.LoadedConfig;
import java.io.PrintWriter;
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
      "Check this machine before `serve`: Java, natives, port, MediaMTX, STS.",
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

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DoctorCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded = SettingOptions.load(spec.commandLine().getParseResult(), System.getenv());
    Logging.setUp(loaded.config().log());
    Report report = Doctor.look(Version.text(), loaded, System.getenv());
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
}
