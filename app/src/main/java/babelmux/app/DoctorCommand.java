package babelmux.app;

import babelmux.app.doctor.Doctor;
import babelmux.app.doctor.Finding;
import babelmux.worker.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code babelmux doctor}: looks before a worker is started. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Check this machine before `serve`: Java, natives, port, MediaMTX, STS.",
      "Takes serve's options, environment and file. One line each: ok, warn (serve runs, something will not",
      "work), fail."
    },
    footer = {"", "Exit code 0 without a fail, else 1."})
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DoctorCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded = SettingOptions.load(spec.commandLine().getParseResult(), System.getenv());
    Logging.setUp(loaded.config().log());
    List<Finding> findings = Doctor.look(loaded, System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> out.println(finding.line()));
    boolean failed = findings.stream().anyMatch(f -> f.level() == Finding.Level.FAIL);
    return failed ? FailureLine.FAILED : 0;
  }
}
