package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource({
    "rtmp://h:1935/live/a/in, rtmp://h:1935/live/a/in",
    "rtmp://u:p@h/x, rtmp://***@h/x",
    "rtmp://u:p/w@h/x, rtmp://***@h/x",
    "rtmp://u:p?w@h/x, rtmp://***@h/x",
    "rtmp//u:p@h/x, rtmp//***@h/x",
    "u:p@h/x, ***@h/x",
    "rtmp://h/x?user=u&pass=p, rtmp://h/x?user=***&pass=***",
    "open rtmp://u:p@h/x?jwt=k failed, open rtmp://***@h/x?jwt=*** failed"
  })
  void hidesUsersPasswordsAndQueryValues(String text, String shown) {
    assertThat(Redaction.url(text)).isEqualTo(shown);
  }
}
