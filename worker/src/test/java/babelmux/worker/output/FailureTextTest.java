package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.MediaException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTextTest {
  private static final Duration UP = Duration.ofSeconds(3);

  @ParameterizedTest
  @CsvSource({
    "REFUSED, -1, refused: why",
    "IO, -1, network: why",
    "IO, 3000, network: why",
    "IO, 60000, network: why",
    "END, 60000, network: why",
    "TIMEOUT, -1, network: why",
    "TIMEOUT, 200, network: why",
    "UNSUPPORTED, -1, cannot be sent: why"
  })
  void aRefusalIsToldFromANetworkFault(Kind kind, long connectedMillis, String expected) {
    assertThat(FailureText.of(kind, "why", false, Duration.ofMillis(connectedMillis), UP))
        .isEqualTo(expected);
  }

  /** As MediaMTX does with a busy path, and others with a wrong key. */
  @Test
  void aServerThatTakesAConnectionAndHangsUpRefuses() {
    assertThat(FailureText.of(Kind.IO, "why", false, Duration.ofMillis(2240), UP))
        .startsWith("refused: the server ended the connection after 2.2 s")
        .endsWith(": why");
  }

  @Test
  void aFileHasNoNetwork() {
    assertThat(FailureText.of(Kind.IO, "why", true, Duration.ofMillis(10), UP))
        .isEqualTo("file: why");
  }
}
