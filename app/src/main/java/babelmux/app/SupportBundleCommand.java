package babelmux.app;

import babelmux.app.support.SupportBundle;
import babelmux.worker.config.ConfigException;
import babelmux.worker.config.LoadedConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux support-bundle}: what somebody needs who looks for a fault from afar. */
@Command(
    name = "support-bundle",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Write a zip for whoever looks for a fault: settings, versions, states, log, metrics, threads.",
      "Takes serve's options, environment and file, and asks the worker that runs with them. Without one it",
      "holds what can be had, and says what is missing. Secrets are masked."
    },
    footer = {"", "Exit code 0 when it is written, also without a worker; else 1."})
final class SupportBundleCommand implements Callable<Integer> {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "Default: babelmux-support-<time>.zip here. One that is there is never overwritten.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  SupportBundleCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instant now = Instant.now();
    Path zip = file == null ? Path.of("babelmux-support-" + STAMP.format(now) + ".zip") : file;
    SupportBundle bundle = collect(now);
    try {
      bundle.write(zip);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(zip + " is there already: expected a file that is not", e);
    }
    bundle.missing().forEach(line -> spec.commandLine().getErr().println("not in it: " + line));
    spec.commandLine().getOut().println(zip + ": " + bundle.summary());
    return 0;
  }

  private SupportBundle collect(Instant now) throws InterruptedException {
    LoadedConfig loaded;
    try {
      loaded = SettingOptions.load(spec.commandLine().getParseResult(), System.getenv());
    } catch (ConfigException e) {
      return SupportBundle.withoutSettings(Version.text(), e.problems(), now);
    }
    Logging.setUp(loaded.config().log());
    return SupportBundle.collect(Version.text(), loaded, now);
  }
}
