package babelmux.origin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamAddressTest {
  @ParameterizedTest
  @CsvSource({
    "rtmp://h:1/live/demo, in, live/demo/in, ''",
    "rtmp://h:1/live, demo/in, live/demo/in, ''",
    "rtmp://h/live, demo/in?user=a&pass=b, live/demo/in, user=a&pass=b",
    "rtmp://h/live/demo/in?lang=es, '', live/demo/in, lang=es",
    "rtmp://h/live/demo/in, ?lang=es, live/demo/in, ''",
  })
  void bothSplitsMeanTheSame(String tcUrl, String name, String path, String query)
      throws RtmpProtocolException {
    assertThat(StreamAddress.of(tcUrl, name)).isEqualTo(new StreamAddress(path, query));
  }

  @Test
  void parametersAreDecodedAndTheFirstCounts() throws RtmpProtocolException {
    assertThat(StreamAddress.of("rtmp://h/a", "b?user=x%26y&user=z&flag").parameters())
        .containsEntry("user", "x&y")
        .containsEntry("flag", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "../x", "x/./y", "in/", "a'b", "a%00b", "ü"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> StreamAddress.of("rtmp://h/live", name))
        .isInstanceOf(RtmpProtocolException.class);
  }

  @Test
  void anEmptyPathIsRefused() {
    assertThatThrownBy(() -> StreamAddress.of("rtmp://h/", ""))
        .hasMessage("invalid path name: cannot be empty");
  }

  @Test
  void quotesAroundAnAddressGoInOnePassHoweverManyThereAre() {
    assertThat(StreamAddress.unquoted("''rtmp://h/live'")).isEqualTo("rtmp://h/live");
    assertThat(StreamAddress.unquoted("''")).isEmpty();
    String hostile = "x" + "'".repeat(2_000_000) + "x";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThat(StreamAddress.unquoted(hostile).length()).isEqualTo(hostile.length()));
  }
}
