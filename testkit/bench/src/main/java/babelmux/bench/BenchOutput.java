package babelmux.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The options that say where a benchmark's result goes. */
final class BenchOutput {

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description =
          "Put the result into this Markdown page, too, such as docs/benchmarks.md: into the section of this"
              + " benchmark, or at the end. Without it nothing is written.")
  private @Nullable Path page;

  /**
   * Puts the result where it was asked for.
   *
   * @return the program's exit code: 0 when every goal was met
   */
  int print(BenchReport report, PrintWriter out) throws IOException {
    if (json) {
      out.println(
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report));
    } else {
      out.print(report.text());
    }
    out.flush();
    if (page != null) {
      String before = Files.exists(page) ? Files.readString(page) : "";
      Files.writeString(page, MarkdownSection.put(before, report.bench(), report.markdown()));
    }
    return report.figures().stream().allMatch(Figure::met) ? 0 : ExitCode.SOFTWARE;
  }
}
