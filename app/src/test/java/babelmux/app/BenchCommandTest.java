package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.bench.BenchCommand;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Short runs: that a benchmark measures what it says; its goals are for a quiet machine. */
@Tag("slow")
@Timeout(120)
class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      new CommandLine(new BenchCommand(new ThisProgram()))
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err));

  @BeforeEach
  void useTheRepository() {
    System.setProperty("babelmux.home", "..");
  }

  @AfterEach
  void restore() {
    System.clearProperty("babelmux.home");
  }

  private JsonNode run(String... args) throws Exception {
    assertThat(commandLine.execute(args)).as(err.toString()).isIn(0, 1);
    return new JsonMapper().readTree(out.toString());
  }

  private static double value(JsonNode report, String name) {
    for (JsonNode figure : report.path("figures")) {
      if (figure.path("name").asText().equals(name)) {
        return figure.path("value").asDouble();
      }
    }
    throw new AssertionError("no '" + name + "' in " + report);
  }

  @Test
  void hooksAreAllAnsweredAndTheirTimesRise(@TempDir Path dir) throws Exception {
    Path page = dir.resolve("page.md");
    JsonNode report =
        run("hooks", "--count", "60", "--at-once", "20", "--json", "--write", page.toString());
    for (String round : List.of("one connection", "a connection each", "bursts of 20")) {
      double p50 = value(report, round + ", p50");
      assertThat(p50).isPositive().isLessThanOrEqualTo(value(report, round + ", p99"));
      assertThat(value(report, round + ", p99"))
          .isLessThanOrEqualTo(value(report, round + ", max"));
      assertThat(value(report, round + ", answers other than 200")).isZero();
    }
    assertThat(Files.readString(page)).startsWith("<!-- bench: hooks -->").contains("| bursts of");
  }

  @Test
  void aStreamIsReadReleasedAndDubbed() throws Exception {
    JsonNode report =
        run(
            "start",
            "--count",
            "1",
            "--streams",
            "1",
            "--seconds",
            "1",
            "--mediamtx",
            "none",
            "--json");
    List<String> names = new ArrayList<>();
    report.path("figures").forEach(figure -> names.add(figure.path("name").asText()));
    assertThat(names).doesNotHaveDuplicates();
    assertThat(value(report, "hook to first packet, first of the process")).isPositive();
    // 8 s at 30 pictures and 46.9 frames of sound a second, without what comes before the keyframe.
    assertThat(value(report, "packets released")).isBetween(400.0, 700.0);
    // On a machine that is busy with other things one may be late.
    double dubbed = value(report, "segments dubbed");
    double late = value(report, "segments not back within 0.5 s of their cut");
    assertThat(dubbed + late).isBetween(1.0, 2.0);
  }

  @Test
  @Timeout(300)
  void aSoakLeavesItsSamplesAndItsPicture(@TempDir Path dir) throws Exception {
    Path samples = dir.resolve("samples.csv");
    Path picture = dir.resolve("soak.png");
    JsonNode report =
        run(
            "soak",
            "--streams",
            "1",
            "--minutes",
            "0.2",
            "--mediamtx",
            "none",
            "--json",
            "--samples",
            samples.toString(),
            "--picture",
            picture.toString());
    assertThat(value(report, "bit rate of each")).isBetween(1.8, 2.4);
    assertThat(value(report, "resident at the beginning")).isBetween(50.0, 2000.0);
    assertThat(value(report, "native objects at the end")).isGreaterThan(500);
    assertThat(value(report, "segments dubbed")).isPositive();
    assertThat(Files.readAllLines(samples)).hasSizeBetween(3, 4);
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void wrongUsageIsRefused() {
    assertThat(commandLine.execute()).isEqualTo(2);
    assertThat(commandLine.execute("hooks", "--count", "0")).isEqualTo(2);
    assertThat(commandLine.execute("cpu", "--streams", "0")).isEqualTo(2);
    assertThat(commandLine.execute("start", "--seconds", "0")).isEqualTo(2);
    assertThat(commandLine.execute("hour", "--minutes", "0")).isEqualTo(2);
    assertThat(commandLine.execute("soak", "--streams", "0")).isEqualTo(2);
    assertThat(commandLine.execute("soak", "--minutes", "0")).isEqualTo(2);
  }
}
