package babelmux.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command above all others: prints the usage. */
@Command(
    name = "babelmux",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Live dubbing: the same video, another language.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or settings.",
      "'babelmux COMMAND --help' tells more."
    })
final class BabelmuxCommand implements Runnable {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  BabelmuxCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? " + Tools.commands());
  }
}
