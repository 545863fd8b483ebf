package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeenInPassingTest {
  @ParameterizedTest
  @CsvSource({
    "reconnecting, 'connection refused', STS_UNREACHABLE",
    "reconnecting, 'AUTH_FAILED: no such token', STS_TOKEN",
    "pass_through, 'UNSUPPORTED_LANGUAGE: xx', STS_LANGUAGE",
    "pass_through, 'INVALID_CONFIG: no', STS_INIT_REFUSED",
    "pass_through, , STS_INIT_REFUSED"
  })
  void aLinkThatDoesNotDubHasDoctorsCode(String link, String lastError, Code code) {
    assertThat(SeenInPassing.sts(link, lastError)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "out, 'refused: cannot open rtmp://h/live/x/out: Operation not permitted', OUTPUT_REFUSED",
    "out, 'refused: the server ended the connection after 0.3 s, most likely...', OUTPUT_FAILED",
    "out, 'network: cannot open: Connection refused', RTMP_UNREACHABLE",
    "out, 'file: no space left', FOLDER",
    "out, , RTMP_UNREACHABLE",
    "tv, 'refused: wrong key', DESTINATION_UNREACHABLE",
    "tv, 'network: no route', DESTINATION_UNREACHABLE"
  })
  void aDestinationThatIsDownHasDoctorsCode(String name, String lastError, Code code) {
    assertThat(SeenInPassing.destination(name, lastError)).isEqualTo(code);
  }
}
