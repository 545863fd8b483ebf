package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of the delay, as somebody who starts the worker meets them. */
class DelayConfigTest {

  private static DelayConfig load(Map<String, String> flags, Map<String, String> env) {
    return ConfigLoader.load(flags, env, null).config().delay();
  }

  @Test
  void byDefaultTheStsHasEightSeconds() {
    assertThat(load(Map.of(), Map.of()))
        .isEqualTo(new DelayConfig(Duration.ofMillis(14_500), Duration.ofSeconds(8)));
  }

  @Test
  void theDelayAloneSetsTheLimit() {
    assertThat(load(Map.of("delay", "8s"), Map.of()).stsLimit()).isEqualTo(Duration.ofMillis(1500));
    assertThat(load(Map.of("delay", "6.5s"), Map.of()).stsLimit()).isZero();
  }

  @Test
  void theLimitAloneSetsTheDelay() {
    DelayConfig config = load(Map.of(), Map.of("WORKER_STS_TIMEOUT_MS", "15000"));
    assertThat(config.delay()).isEqualTo(Duration.ofMillis(21_500));
    assertThat(config.stsLimit()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void aDelayThatLeavesMoreThanTheLimitIsNoContradiction() {
    DelayConfig config = load(Map.of("delay", "20s", "sts.limit", "8s"), Map.of());
    assertThat(config).isEqualTo(new DelayConfig(Duration.ofSeconds(20), Duration.ofSeconds(8)));
  }

  @Test
  void aContradictionNamesBoth() {
    assertThatThrownBy(() -> load(Map.of("delay", "10s"), Map.of("WORKER_STS_TIMEOUT_MS", "8000")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "delay = \"10s\" (from --delay) and sts.limit = \"8000ms\" (from WORKER_STS_TIMEOUT_MS):"
                + " they contradict each other: expected a delay of at least 14.5s (6s segment + limit"
                + " + 0.5s) or a limit of at most 3.5s");
  }

  @Test
  void aDelayWithoutRoomForASegmentIsRefused() {
    assertThatThrownBy(() -> load(Map.of("delay", "6.4s"), Map.of()))
        .hasMessageContaining("delay = \"6.4s\"")
        .hasMessageContaining("a duration from 6.5s");
  }
}
