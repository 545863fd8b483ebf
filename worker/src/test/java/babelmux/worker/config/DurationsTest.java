package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "14.5s, 14500",
    "500ms, 500",
    "1h30m, 5400000",
    "1m0.25s, 60250",
    "0, 0",
    "0s, 0",
    "PT14.5S, 14500",
    "pt15m, 900000"
  })
  void readsGoStyleAndIso(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-5s",
        "5 s",
        "5s ",
        "5x",
        "1.s",
        "five",
        "P",
        "9999999999999s",
        "5s3"
      })
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse("999999999999h"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"14.5s", "500ms", "15m", "2h", "0s", "90.001s", "PT0.000000001S"})
  void writesWhatItReads(String text) {
    assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
  }
}
