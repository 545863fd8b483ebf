package babelmux.stsecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import babelmux.stsecho.protocol.Backpressure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void withoutVariablesTheDefaultsHold() {
    assertThat(StsEchoConfig.fromEnvironment(Map.of()).build())
        .isEqualTo(StsEchoConfig.builder().build());
  }

  @Test
  void everyVariableIsRead() {
    StsEchoConfig config =
        StsEchoConfig.fromEnvironment(
                Map.ofEntries(
                    Map.entry("ECHO_HOST", "0.0.0.0"),
                    Map.entry("ECHO_PORT", "8000"),
                    Map.entry("ECHO_PROCESSING_DELAY_MS", "250"),
                    Map.entry("BACKPRESSURE_ENABLED", "true"),
                    Map.entry("BACKPRESSURE_THRESHOLD_LOW", "0.1"),
                    Map.entry("BACKPRESSURE_THRESHOLD_MEDIUM", "0.2"),
                    Map.entry("BACKPRESSURE_THRESHOLD_HIGH", "0.3"),
                    Map.entry("WS_MAX_BUFFER_SIZE", "1000000"),
                    Map.entry("WS_PING_INTERVAL", "7"),
                    Map.entry("WS_PING_TIMEOUT", "3"),
                    Map.entry("AUTO_DISCONNECT_DELAY", "1"),
                    Map.entry("REQUIRE_AUTH", "true"),
                    Map.entry("STS_API_KEY", "key")))
            .build();
    assertThat(config)
        .isEqualTo(
            StsEchoConfig.builder()
                .host("0.0.0.0")
                .port(8000)
                .processingDelay(Duration.ofMillis(250))
                .backpressure(new Backpressure.Thresholds(0.1, 0.2, 0.3))
                .maxBufferBytes(1_000_000)
                .pingInterval(Duration.ofSeconds(7))
                .pingTimeout(Duration.ofSeconds(3))
                .autoDisconnect(Duration.ofSeconds(1))
                .token("key")
                .build());
  }

  @Test
  void aSwitchIsOnInAnyCase() {
    assertThat(
            StsEchoConfig.fromEnvironment(
                    Map.of(
                        "BACKPRESSURE_ENABLED",
                        "True",
                        "REQUIRE_AUTH",
                        "TRUE",
                        "STS_API_KEY",
                        "key"))
                .build())
        .satisfies(
            config -> {
              assertThat(config.backpressure()).isInstanceOf(Backpressure.Thresholds.class);
              assertThat(config.token()).isEqualTo("key");
            });
  }

  @Test
  void aKeyAloneAsksNobody() {
    assertThat(StsEchoConfig.fromEnvironment(Map.of("STS_API_KEY", "key")).build().token())
        .isNull();
  }

  @Test
  void badValuesAreNamed() {
    assertRefused(Map.of("ECHO_PORT", "70000"), "ECHO_PORT: '70000', expected an integer");
    assertRefused(Map.of("WS_PING_INTERVAL", "fast"), "WS_PING_INTERVAL: 'fast'");
    assertRefused(
        Map.of("BACKPRESSURE_ENABLED", "true", "BACKPRESSURE_THRESHOLD_LOW", "3"),
        "BACKPRESSURE_THRESHOLD_LOW: '3', expected a number from 0 to 1");
    assertRefused(Map.of("REQUIRE_AUTH", "true"), "STS_API_KEY: not set");
  }

  private static void assertRefused(Map<String, String> environment, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StsEchoConfig.fromEnvironment(environment))
        .withMessageContaining(message);
  }
}
