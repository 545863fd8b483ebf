package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
  private static final AllowedHosts ALLOWED =
      AllowedHosts.parse("Cam.Example, 10.1.0.0/16,192.168.1.7,fd00::/8");

  @ParameterizedTest
  @CsvSource({
    "cam.example, 203.0.113.9, true",
    "CAM.example., 203.0.113.9, true",
    "cam.example, 10.9.9.9, true",
    "other.example, 203.0.113.9, false",
    "sub.cam.example, 203.0.113.9, false",
    "other.example, 10.1.2.3, true",
    "other.example, 10.2.2.3, false",
    "192.168.1.7, 192.168.1.7, true",
    "192.168.1.8, 192.168.1.8, false",
    "v6.example, fd12::1, true",
    "v6.example, ::1, false",
    // A name that resolves to this machine or to its link, where clouds tell secrets.
    "cam.example, 127.0.0.1, false",
    "cam.example, ::1, false",
    "cam.example, ::ffff:127.0.0.1, false",
    "cam.example, 169.254.169.254, false",
    "cam.example, fe80::1, false",
    "cam.example, 0.0.0.0, false",
    "cam.example, 239.1.1.1, false"
  })
  void anAddressIsAllowedByARangeOrByTheNameOfItsHost(String host, String address, boolean allowed)
      throws Exception {
    assertThat(ALLOWED.allows(host, InetAddress.getByName(address))).isEqualTo(allowed);
  }

  @Test
  void thisMachineIsAllowedByItsRangeOrAsLocalhost() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    assertThat(AllowedHosts.parse("localhost").allows("localhost", loopback)).isTrue();
    assertThat(AllowedHosts.parse("127.0.0.0/8").allows("cam.example", loopback)).isTrue();
    assertThat(AllowedHosts.parse("localhost").allows("cam.example", loopback)).isFalse();
  }

  @Test
  void noneIsTheDefault() {
    AllowedHosts none = WorkerConfig.defaults().sources().allow();
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.allows("localhost", InetAddress.getLoopbackAddress())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a,,b", "10.0.0.0/33", "10.0.0", "*.example", "rtmp://h", "h/x", "fd00::/129"})
  void whatIsNeitherIsRefusedWithTheSettingTheValueAndTheForm(String text) {
    Map<String, String> flags = Map.of("sources.allow", text);
    assertThatThrownBy(() -> ConfigLoader.load(flags, Map.of(), null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sources.allow = \"" + text + "\"")
        .hasMessageContaining("expected host names and addresses such as");
  }
}
