package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageConfigTest {

  private static PageConfig page(Map<String, String> flags) {
    return ConfigLoader.load(flags, Map.of(), null).config().page();
  }

  @Test
  void theDefaultsAreThose() {
    assertThat(page(Map.of())).isEqualTo(PageConfig.DEFAULTS);
    assertThat(PageConfig.DEFAULTS).isEqualTo(new PageConfig(null, true));
  }

  /** Words that are not on air yet are nobody's business unless somebody says so. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.0.0.2, true",
    "::1, true",
    "[::1], true",
    "::1%lo, true",
    "localhost, true",
    "LocalHost, true",
    "0.0.0.0, false",
    "::, false",
    "192.0.2.7, false",
    "worker, false",
    "localhost.example, false",
    "127.0.0.1.example, false"
  })
  void transcriptsAreShownOnLoopbackUnlessTheSettingSaysOtherwise(String host, boolean shown) {
    assertThat(page(Map.of("http.host", host)).transcripts()).isEqualTo(shown);
    for (boolean set : new boolean[] {true, false}) {
      Map<String, String> flags =
          Map.of("http.host", host, "page.transcripts", Boolean.toString(set));
      assertThat(page(flags).transcripts()).isEqualTo(set);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://dub.example:8888, http://dub.example:8888",
    "https://dub.example, https://dub.example",
    "https://dub.example/, https://dub.example",
    "https://dub.example/a/hls//, https://dub.example/a/hls",
    "http://[::1]:8888, http://[::1]:8888"
  })
  void aUrlHasNoSlashAtItsEnd(String text, String expected) {
    assertThat(page(Map.of("page.hls-url", text)).hlsUrl()).isEqualTo(URI.create(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dub.example:8888",
        "/hls",
        "//dub.example",
        "rtmp://dub.example",
        "javascript:alert(1)",
        "http://",
        "http:dub.example",
        "http://user@dub.example",
        "http://user:hunter2@dub.example",
        "http://dub.example?user=a&pass=hunter2",
        "http://dub.example/?",
        "http://dub.example/#x",
        "http://dub.example:0",
        "http://dub.example:65536",
        "http://dub.example/a;script-src *",
        "http://dub.example/a;script-src%20*",
        "http://dub.example/a,b",
        "http://dub.example/a'b",
        "http://*.example",
        "http://dub.example/a//b",
        "http://dub.example/%0d%0a"
      })
  void whatIsNoSuchUrlOrWouldEndAPolicyIsRefused(String text) {
    assertThatThrownBy(() -> page(Map.of("page.hls-url", text)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("page.hls-url")
        .hasMessageContaining("expected an http or https URL without credentials and query")
        .hasMessageNotContaining("hunter2");
  }
}
