package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishAddressTest {

  @Test
  void itIsThePathThatThePatternTakes() {
    assertThat(PublishAddress.of("rtmp://127.0.0.1:1935", "^live/([A-Za-z0-9_-]+)/in$"))
        .contains("rtmp://127.0.0.1:1935/live/NAME/in");
    assertThat(PublishAddress.of("rtmp://mtx", "(.*)")).contains("rtmp://mtx/NAME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^(a|(b))$", "^live.*/(x+)$", "^[a-z]+/(x+)/in$", "live", "^(?:a)(b)$"})
  void aPatternThatTakesMoreTellsNothing(String pattern) {
    assertThat(PublishAddress.of("rtmp://mtx", pattern)).isEmpty();
  }
}
