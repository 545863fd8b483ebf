package babelmux.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The commands for trying, testing and measuring. The worker's image has neither them nor the
 * stand-ins that they need: there each says so.
 */
public final class Tools {

  /** Says where the tools are; behind what is missing and a colon. */
  public static final String WHERE =
      "not part of this installation, which has serve, dub, relay, doctor, support-bundle and prepare only: use the image"
          + " babelmux-tools";

  private static final List<String> NAMES =
      List.of("demo", "sts-echo", "origin", "meter", "bench", "drill");
  private static final List<String> CLASSES =
      List.of(
          "babelmux/origin/EmbeddedOrigin",
          "babelmux/stsecho/StsEcho",
          "babelmux/meter/Meter",
          "babelmux/testmedia/StreamPublisher",
          "babelmux/demo/AcceptanceRun",
          "babelmux/bench/BenchCommand",
          "babelmux/faultproxy/FaultProxy");

  private Tools() {}

  /** Returns whether the stand-ins and what measures are on the class path, all of them. */
  public static boolean areInstalled() {
    return CLASSES.stream()
        .allMatch(name -> Tools.class.getResource("/" + name + ".class") != null);
  }

  /** The names of all commands that this installation has. */
  static String commands() {
    return areInstalled()
        ? "demo, serve, dub, relay, sts-echo, origin, doctor, support-bundle, prepare, meter, bench or drill"
        : "serve, dub, relay, doctor, support-bundle or prepare";
  }

  /** Adds a command that is here; or, hidden from the help, one that says that it is not. */
  static void addTo(CommandLine commandLine, String name) {
    if (areInstalled()) {
      commandLine.addSubcommand(command(name));
    } else {
      CommandLine missing = new CommandLine(new Missing());
      missing.setUnmatchedOptionsArePositionalParams(true);
      missing.getCommandSpec().usageMessage().hidden(true);
      commandLine.addSubcommand(name, missing);
    }
  }

  private static Object command(String name) {
    return switch (name) {
      case "demo" -> new DemoCommand();
      case "sts-echo" -> new StsEchoCommand();
      case "origin" -> new OriginCommand();
      case "meter" -> new MeterCommand();
      case "bench" -> ThisProgram.bench();
      case "drill" -> new DrillCommand();
      default -> throw new IllegalArgumentException(name + ": expected one of " + NAMES);
    };
  }

  /** Stands where a command would be. */
  @Command
  private static final class Missing implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // takes what picocli would refuse
    @Parameters
    private List<String> arguments = List.of();

    @SuppressWarnings("NullAway.Init") // picocli sets it
    Missing() {}

    @Override
    public Integer call() {
      spec.commandLine().getErr().println("babelmux: " + spec.name() + " is " + WHERE);
      return FailureLine.USAGE;
    }
  }
}
