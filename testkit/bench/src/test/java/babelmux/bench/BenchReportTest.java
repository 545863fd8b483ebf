package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  private static final BenchReport REPORT =
      new BenchReport(
          "x",
          "./babelmux bench x",
          "About.",
          new MachineNote("2026-11-21T04:00:00Z", "Linux amd64", 2, "17", 0.5),
          List.of(
              Figure.of("n", 10, ""),
              Figure.goal("kept", 1.254, "ms", 1.3),
              Figure.goal("broken", 2000.7, "ms", 50)));

  @Test
  void tellsWhatWasMissedAsLoudlyAsWhatWasMet() {
    assertThat(REPORT.text().lines().map(String::strip))
        .contains("2026-11-21T04:00:00Z, Linux amd64, 2 cores, Java 17, load average 0.50 before")
        .anyMatch(line -> line.matches("n +10"))
        .anyMatch(line -> line.matches("kept +1\\.25 ms +<= 1\\.30, met"))
        .anyMatch(line -> line.matches("broken +2001 ms +<= 50, MISSED"));
    assertThat(REPORT.markdown()).contains("| broken | 2001 ms | <= 50, MISSED |\n");
  }

  @Test
  void aNumberThatIsNoneMissesItsGoal() {
    assertThat(Figure.goal("x", Double.NaN, "ms", 1).met()).isFalse();
  }

  @Test
  void aSectionOfAPageIsReplacedAndTheRestKept() {
    String page = MarkdownSection.put("# Page\n", "a", "one\n");
    page = MarkdownSection.put(page, "b", "two\n");
    assertThat(MarkdownSection.put(page, "a", "three\n"))
        .isEqualTo(
            """
            # Page

            <!-- bench: a -->
            three
            <!-- end of bench: a -->

            <!-- bench: b -->
            two
            <!-- end of bench: b -->
            """);
  }
}
