package babelmux.app;

import babelmux.worker.config.ConfigException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a failure in one line a problem; the stack trace is for {@code BABELMUX_TRACE=1}. */
final class FailureLine implements IExecutionExceptionHandler {

  /** The exit code of what has failed. */
  static final int FAILED = CommandLine.ExitCode.SOFTWARE;

  static final int USAGE = CommandLine.ExitCode.USAGE;

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult result) {
    List<String> lines =
        exception instanceof ConfigException config
            ? config.problems()
            : List.of(message(exception));
    for (String line : lines) {
      commandLine.getErr().println(commandLine.getCommandName() + ": " + line);
    }
    if ("1".equals(System.getenv("BABELMUX_TRACE"))) {
      exception.printStackTrace(commandLine.getErr());
    }
    return exception instanceof ConfigException ? USAGE : FAILED;
  }

  private static String message(Exception exception) {
    String message = exception.getMessage();
    return message == null || message.isBlank()
        ? exception.toString()
        : message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " | ");
  }
}
