package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTextTest {

  @Test
  void anEventHasItsIdBeforeItsData() {
    assertThat(new String(EventText.of("journal", "e1-7", "{}"), StandardCharsets.UTF_8))
        .isEqualTo("event: journal\nid: e1-7\ndata: {}\n\n");
    assertThat(new String(EventText.of("gone", null, "{}"), StandardCharsets.UTF_8))
        .isEqualTo("event: gone\ndata: {}\n\n");
  }

  /** A second line would be another field, or another event. */
  @ParameterizedTest
  @ValueSource(strings = {"{\n}", "{\r}"})
  void dataOfTwoLinesIsRefused(String json) {
    assertThatThrownBy(() -> EventText.of("gone", null, json))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
