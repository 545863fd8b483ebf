package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.bench.BenchCommand;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A run of {@code babelmux bench} in this process, on the repository; closed by its test. */
final class BenchRun implements AutoCloseable {
  private static final String HOME = "babelmux.home";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      new CommandLine(new BenchCommand(new ThisProgram()))
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err));

  BenchRun() {
    System.setProperty(HOME, "..");
  }

  /** The exit code. */
  int execute(String... args) {
    return commandLine.execute(args);
  }

  /** Runs a benchmark that ends, whether it meets its goals or not, and returns its report. */
  JsonNode run(String... args) throws Exception {
    assertThat(execute(args)).as(err.toString()).isIn(0, 1);
    assertThat(out.toString()).as(err.toString()).isNotEmpty();
    return new JsonMapper().readTree(out.toString());
  }

  static double value(JsonNode report, String name) {
    for (JsonNode figure : report.path("figures")) {
      if (figure.path("name").asText().equals(name)) {
        return figure.path("value").asDouble();
      }
    }
    throw new AssertionError("no '" + name + "' in " + report);
  }

  @Override
  public void close() {
    System.clearProperty(HOME);
  }
}
