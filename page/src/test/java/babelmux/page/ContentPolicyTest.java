package babelmux.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentPolicyTest {

  private static final String NONE =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src"
          + " 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; base-uri"
          + " 'none'; form-action 'self'; frame-ancestors 'none'";

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, http://127.0.0.1:8888",
    "dub.example, http://dub.example:8888",
    "Dub_1.example.:443, http://Dub_1.example.:8888",
  })
  void theHostOfTheRequestMayBeAskedForHls(String host, String hls) {
    assertThat(ContentPolicy.of(null, host, false))
        .contains("connect-src 'self' " + hls + ";")
        .contains("media-src 'self' blob: " + hls + ";");
    assertThat(ContentPolicy.of(null, host, true)).contains(hls.replace("http:", "https:"));
  }

  @Test
  void localhostHasAnAddress() {
    assertThat(ContentPolicy.of(null, "localhost:8080", false))
        .contains("connect-src 'self' http://localhost:8888 http://127.0.0.1:8888;");
  }

  @Test
  void theSettingIsAskedForInsteadOfTheHostAndOnlyItsOrigin() {
    assertThat(ContentPolicy.of("https://hls.example:9443/live", "dub.example", false))
        .contains("connect-src 'self' https://hls.example:9443;")
        .doesNotContain("dub.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a;script-src *",
        "a b",
        "a,b",
        "a'unsafe-inline'",
        "a/b",
        "a@b",
        "*",
        "*.example",
        "a..b",
        "-a",
        "a:b",
        "a:123456",
        "a:80:90",
        "[::1]:8080",
        "[::1;]",
        "a\r\nX-Other: 1",
        "a\u0000",
        "\u00e4.example",
        "data:",
      })
  void aHostileHostAddsNothing(String host) {
    assertThat(ContentPolicy.of(null, host, false)).isEqualTo(NONE);
  }

  @Test
  void noHostAndOneWithoutEndAddNothing() {
    assertThat(ContentPolicy.of(null, null, false)).isEqualTo(NONE);
    assertThat(ContentPolicy.of(null, "a".repeat(5000), false)).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "https://a;script-src *", "https://a b", "//a"})
  void aSettingThatIsNoOriginAddsNothing(String setting) {
    assertThat(ContentPolicy.of(setting, "dub.example", false)).isEqualTo(NONE);
  }
}
