package babelmux.app;

import babelmux.app.bench.BenchCommand;
import babelmux.worker.config.Catalog;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * The program: {@code babelmux COMMAND...}. Exit codes: 0 done, 1 failed, 2 wrong usage or
 * settings.
 */
public final class Main {

  private static final int HELP_COLUMNS = 110;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /**
   * What the program does with these arguments, in this process.
   *
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return commandLine().setOut(out).setErr(err).execute(args);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new BabelmuxCommand());
    commandLine.addSubcommand(new DemoCommand());
    commandLine.addSubcommand(SettingOptions.addTo(new ServeCommand(DubbingStreams::new)));
    commandLine.addSubcommand(
        SettingOptions.addTo(new CommandLine(new DubCommand()), Catalog.ofFiles()));
    commandLine.addSubcommand(new StsEchoCommand());
    commandLine.addSubcommand(new OriginCommand());
    commandLine.addSubcommand(SettingOptions.addTo(new DoctorCommand()));
    commandLine.addSubcommand(new MeterCommand());
    commandLine.addSubcommand(new BenchCommand());
    commandLine.setExecutionExceptionHandler(new FailureLine());
    commandLine.setParameterExceptionHandler(new UsageLine());
    commandLine.setUsageHelpWidth(HELP_COLUMNS);
    return commandLine;
  }
}
