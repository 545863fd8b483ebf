package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OriginConfigTest {
  @Test
  void badSettingsAreRefusedByName() {
    assertThatThrownBy(() -> OriginConfig.builder().rtmpPort(70_000).build())
        .hasMessage("rtmpPort 70000: expected 0 (free) to 65535");
    assertThatThrownBy(() -> OriginConfig.builder().readTimeout(Duration.ZERO).build())
        .hasMessage("readTimeout PT0S: expected more than 0");
    assertThatThrownBy(() -> OriginConfig.builder().hookPath("~(").build())
        .hasMessage("hookPath ~(: expected a name or ~ and a regular expression");
    assertThatThrownBy(() -> OriginConfig.builder().onReady("sh -c 'x").build())
        .hasMessageContaining("is not closed");
    assertThatThrownBy(() -> OriginConfig.builder().writeQueueSize(500).build())
        .hasMessage("writeQueueSize 500: expected a power of two");
  }

  @Test
  void aBuilderStartsWithWhatThereIs() {
    OriginConfig config = OriginConfig.builder().apiPort(9997).overridePublisher(false).build();
    OriginConfig changed = config.toBuilder().rtmpPort(1935).build();
    assertThat(changed.apiPort()).isEqualTo(9997);
    assertThat(changed.overridePublisher()).isFalse();
    assertThat(config.rtmpPort()).isZero();
  }

  @Test
  void passwordsDoNotPrint() {
    assertThat(new Credentials("me", "secret").toString()).doesNotContain("secret");
  }

  @Test
  void mediaMtxGetsItQuoted() {
    OriginConfig config =
        OriginConfig.builder()
            .onReady("sh -c 'curl $X'")
            .apiCredentials(new Credentials("a", "b'c"))
            .build();
    assertThat(MediaMtxConfigFile.yaml(config, 1, 2, 3))
        .contains(
            "runOnReady: 'sh -c ''curl $X'''\n",
            "pass: 'b''c'\n",
            "rtmpAddress: '127.0.0.1:1'",
            "hlsAddress: '127.0.0.1:3'");
  }
}
