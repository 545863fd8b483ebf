package babelmux.worker.destinations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.media.SinkAddress;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.sources.InvalidSource;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationUrlTest {
  private static final String KEY = "abcd-secret";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///data/film.mp4",
        "FILE:///data/film.mp4",
        "file:film.mp4",
        "/data/film.mp4",
        "./film.mp4"
      })
  void aFileIsRefusedByTheNameOfTheSetting(String url) {
    assertThatThrownBy(() -> DestinationUrl.parse(url))
        .isInstanceOf(HostNotAllowed.class)
        .hasMessageContaining("output.destinations-allow");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/a/abcd-secret",
        "rtsp://h/a/abcd-secret",
        "rtmp://h:99999/a/abcd-secret",
        "rtmp://h/a/abcd-secret#x",
        "rtmp:///a/abcd-secret",
        "rtmp://h",
        "srt://h?streamid=abcd-secret",
        "srt://h:1?mode=listener&streamid=abcd-secret",
        "concat:rtmp://h/a/abcd-secret",
        ""
      })
  void whatIsNoUrlOfAServerIsRefusedWithoutItsKey(String url) {
    assertThatThrownBy(() -> DestinationUrl.parse(url))
        .isInstanceOf(InvalidSource.class)
        .hasMessageContaining("expected")
        .hasMessageNotContaining(KEY);
  }

  @Test
  void itIsConnectedAtTheAddressThatWasChecked() throws Exception {
    DestinationUrl url = DestinationUrl.parse("rtmp://u:p@Live.example/app/abcd-secret?x=y");
    SinkAddress address =
        url.server().sinkAt("rtmp", InetAddress.getByName("203.0.113.9"), url.server().port());
    assertThat(address.url()).isEqualTo("rtmp://u:p@203.0.113.9:1935/app/abcd-secret?x=y");
    assertThat(address.options())
        .containsEntry("rtmp_tcurl", "rtmp://Live.example:1935/app")
        .containsEntry("rtmp_playpath", "abcd-secret?x=y")
        .containsEntry("protocol_whitelist", "rtmp,tcp");
    assertThat(address.secrets()).containsExactly("abcd-secret?x=y", "abcd-secret");
    assertThat(address + " " + url).doesNotContain(KEY);
  }
}
