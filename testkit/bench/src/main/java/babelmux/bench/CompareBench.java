package babelmux.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux bench compare}: whether a stream costs more than it did. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whether a stream costs more than in an earlier result, by more than the noise.",
      "Compares the ratios worker : ffmpeg of two results of bench performance --json. Exit code 1"
          + " when one",
      "of them has become slower. Measures nothing."
    },
    footer = {
      "",
      "Example: babelmux bench performance --json > now.json",
      "         babelmux bench compare docs/results/performance.json now.json"
    })
final class CompareBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "BEFORE",
      description = "The earlier result, such as the committed docs/results/performance.json.")
  private Path before;

  @Parameters(index = "1", paramLabel = "NOW", description = "The later result.")
  private Path now;

  @SuppressWarnings("NullAway.Init") // picocli sets them
  CompareBench() {}

  @Override
  public Integer call() throws IOException {
    List<Comparison> all;
    try {
      all = Comparison.of(read(before), read(now));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    all.forEach(each -> out.println(each.text()));
    out.flush();
    return all.stream().anyMatch(Comparison::isSlower) ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private static BenchReport read(Path file) throws IOException {
    try {
      BenchReport report =
          new ObjectMapper()
              .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
              .readValue(Files.readString(file), BenchReport.class);
      return report;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": expected what bench performance --json prints: " + e.getOriginalMessage(), e);
    }
  }
}
