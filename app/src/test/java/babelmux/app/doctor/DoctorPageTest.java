package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of the codes is equal to the codes. */
class DoctorPageTest {

  private static final Path PAGE = Path.of("../docs/doctor.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (BMX-\\d{3}) \\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");

  @Test
  void everyCodeIsExplainedOnceInTheirOrder() throws IOException {
    List<MatchResult> rows = ROW.matcher(Files.readString(PAGE)).results().toList();
    assertThat(rows.stream().map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3)))
        .containsExactlyElementsOf(
            Arrays.stream(Code.values())
                .map(code -> code.label() + " " + code.level().label() + " " + code.title())
                .toList());
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.group(4)).as(row.group(1)).isNotBlank();
              assertThat(row.group(5)).as(row.group(1)).isNotBlank();
            });
  }

  @Test
  void noTwoFaultsHaveTheSameCode() {
    assertThat(Arrays.stream(Code.values()).map(Code::label)).doesNotHaveDuplicates().isSorted();
  }
}
