package babelmux.app;

import babelmux.media.Natives;
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
    String command = args.length > 0 ? args[0] : "";
    // At each start Netty would set up its events for Java's flight recorder, and unpack and load a
    // library for a transport that Vert.x does not use here.
    System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    System.getProperties().putIfAbsent("io.netty.transport.noNative", "true");
    if (command.equals("serve") || command.equals("dub")) {
      Natives.preload();
    }
    System.exit(execute(commandLine(command), args));
  }

  /**
   * The program with what a command needs: one that has to be there soon, with itself alone. A
   * worker that was killed has viewers who wait, and the other commands cost a tenth of a second.
   */
  static CommandLine commandLine(String command) {
    CommandLine commandLine = new CommandLine(new BabelmuxCommand());
    switch (command) {
      case "serve" -> commandLine.addSubcommand(serve());
      case "dub" -> commandLine.addSubcommand(dub());
      default -> {
        return commandLine();
      }
    }
    return configured(commandLine);
  }

  private static CommandLine serve() {
    return SettingOptions.addTo(new ServeCommand(DubbingStreams::new));
  }

  private static CommandLine dub() {
    return SettingOptions.addTo(new CommandLine(new DubCommand()), Catalog.ofFiles());
  }

  /**
   * Runs the program with these arguments, in this process.
   *
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return execute(commandLine().setOut(out).setErr(err), args);
  }

  /** Without a stack trace where the machine lacks a native library. */
  static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (LinkageError e) {
      commandLine
          .getErr()
          .println(
              "babelmux: the native libraries do not load on %s %s (%s): see `babelmux doctor`"
                  .formatted(
                      System.getProperty("os.name"), System.getProperty("os.arch"), reason(e)));
      return FailureLine.FAILED;
    }
  }

  private static String reason(LinkageError error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message.lines().findFirst().orElse("no reason");
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new BabelmuxCommand());
    Tools.addTo(commandLine, "demo");
    commandLine.addSubcommand(serve());
    commandLine.addSubcommand(dub());
    commandLine.addSubcommand(
        SettingOptions.addTo(new CommandLine(new RelayCommand()), Catalog.ofRelays()));
    Tools.addTo(commandLine, "sts-echo");
    Tools.addTo(commandLine, "origin");
    commandLine.addSubcommand(SettingOptions.addTo(new DoctorCommand()));
    commandLine.addSubcommand(SettingOptions.addTo(new SupportBundleCommand()));
    commandLine.addSubcommand(new PrepareCommand());
    Tools.addTo(commandLine, "meter");
    Tools.addTo(commandLine, "bench");
    Tools.addTo(commandLine, "drill");
    return configured(commandLine);
  }

  private static CommandLine configured(CommandLine commandLine) {
    // Settings read @FILE themselves, and again on SIGHUP.
    commandLine.setExpandAtFiles(false);
    commandLine.setExecutionExceptionHandler(new FailureLine());
    commandLine.setParameterExceptionHandler(new UsageLine());
    commandLine.setUsageHelpWidth(HELP_COLUMNS);
    return commandLine;
  }
}
