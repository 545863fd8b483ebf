package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileChangeTest {
  @ParameterizedTest
  @CsvSource({
    "true,  true,  1,    10, true",
    "true,  false, 1,    10, true",
    "false, true,  9,    10, false",
    "false, true,  10,   10, true",
    "false, false, 1000, 10, false",
  })
  void aFileEndsWithItsFormatsOrAtAKeyframeBehindItsLength(
      boolean otherFormats, boolean startsGroup, long length, long max, boolean due) {
    assertThat(FileChange.isDue(otherFormats, startsGroup, length, max)).isEqualTo(due);
  }
}
