package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class MediaExceptionTest {
  @ParameterizedTest
  @CsvSource({
    "-23, Too many open files in system",
    "-24, Too many open files",
    "-12, Cannot allocate memory",
    "-99, Cannot assign requested address",
    "-105, No buffer space available"
  })
  void whatThisMachineLacksIsOurs(int error, String text) {
    MediaException failure = MediaException.of("cannot open rtmp://h/a", error);
    assertThat(failure.kind()).isEqualTo(MediaException.Kind.OURS);
    assertThat(failure).hasMessage("cannot open rtmp://h/a: " + text);
  }

  @Test
  void aConnectionThatIsRefusedIsTheOtherSides() {
    MediaException failure = MediaException.of("cannot open rtmp://h/a", -111);
    assertThat(failure.kind()).isEqualTo(MediaException.Kind.IO);
    assertThat(failure).hasMessageContaining("Connection refused");
  }
}
