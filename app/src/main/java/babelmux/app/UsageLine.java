package babelmux.app;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Tells wrong usage in a line and where to read more, not in a hundred lines of help. */
final class UsageLine implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException exception, String[] args) {
    CommandLine commandLine = exception.getCommandLine();
    String name = commandLine.getCommandSpec().qualifiedName();
    commandLine.getErr().println(name + ": " + exception.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(exception, commandLine.getErr());
    commandLine.getErr().println("'" + name + " --help' tells more.");
    return FailureLine.USAGE;
  }
}
