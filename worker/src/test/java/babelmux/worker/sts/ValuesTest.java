package babelmux.worker.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final URI URL = URI.create("wss://sts.example");

  @Test
  void theTokenIsNeverPrinted() {
    StsConfig config = StsConfig.builder(URL).token("s3cret").build();
    assertThat(config.toString()).doesNotContain("s3cret").contains("token=(set)");
    assertThat(config.token()).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host", "http:///x", "host:3000", "http://host/ws/sts", "//host", "http:"})
  void aUrlThatCannotBeUsedIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> StsConfig.builder(URI.create(url + (url.endsWith(":") ? "x" : ""))).build())
        .withMessageContaining(url)
        .withMessageContaining("expected");
  }

  @Test
  void whatMayBeSecretInAUrlIsRefusedWithoutShowingIt() {
    for (String url : new String[] {"http://u:pw123@host", "http://host?key=pw123"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StsConfig.builder(URI.create(url)).build())
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pw123"));
    }
  }

  @Test
  void badSettingsNameFieldValueAndExpectation() {
    StsConfig.Builder builder = StsConfig.builder(URL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxInFlight(11).build())
        .withMessage("maxInFlight is 11, expected 1 to 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxInFlight(3).path("socket.io").build())
        .withMessageContaining("path is \"socket.io\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StsSession("en", "es", 48_000, 6, Duration.ofSeconds(8)))
        .withMessage("channels is 6, expected 1 to 2");
  }

  @ParameterizedTest
  @CsvSource({"300, 1000", "8000, 8000", "45000, 30000"})
  void theTimeoutSentIsWhatServersAccept(long limitMillis, int sent) {
    StsSession session = new StsSession("en", "es", 48_000, 2, Duration.ofMillis(limitMillis));
    assertThat(session.timeoutMillis()).isEqualTo(sent);
  }

  @Test
  void streamIdsAreChecked() {
    try (StsLinks links = new StsLinks(StsConfig.builder(URL).build())) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  links.open(
                      "a\nb",
                      new StsSession("en", "es", 48_000, 2, Duration.ofSeconds(8)),
                      StsObserver.NONE));
    }
  }
}
