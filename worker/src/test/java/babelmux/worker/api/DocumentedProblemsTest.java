package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of problem types in docs/api.md has those that there are, in their order. */
class DocumentedProblemsTest {

  private static final Pattern ROW = Pattern.compile("\\| `\\w+` \\| [45]\\d\\d \\| .*");

  @Test
  void thePageExplainsEveryProblemType() throws IOException {
    String page = Files.readString(Path.of("../docs/api.md"));
    List<String> rows =
        page.substring(page.indexOf("## Refusals"), page.indexOf("## Who may write"))
            .lines()
            .filter(line -> ROW.matcher(line).matches())
            .toList();
    assertThat(rows)
        .extracting(row -> row.substring(0, row.lastIndexOf('|', row.length() - 2)))
        .isEqualTo(
            Stream.of(ProblemType.values())
                .map(type -> "| `%s` | %d ".formatted(type.code(), type.status()))
                .toList());
    assertThat(rows).allMatch(row -> row.split("\\|", -1)[3].length() > 10);
  }
}
