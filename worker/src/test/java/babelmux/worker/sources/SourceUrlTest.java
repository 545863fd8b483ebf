package babelmux.worker.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.media.SourceAddress;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {

  private static SourceAddress at(String url, String address) throws Exception {
    return SourceUrl.parse(url).at(InetAddress.getByName(address));
  }

  @Test
  void anRtmpServerIsToldItsNameAndConnectedByItsAddress() throws Exception {
    SourceAddress address = at("rtmp://cam.example/live/stage?user=u&pass=a/b", "203.0.113.9");
    assertThat(address.url()).isEqualTo("rtmp://203.0.113.9:1935/live/stage?user=u&pass=a/b");
    assertThat(address.options())
        .isEqualTo(
            Map.of(
                "rtmp_tcurl", "rtmp://cam.example:1935/live",
                "rtmp_app", "live",
                "rtmp_playpath", "stage?user=u&pass=a/b"));
    assertThat(address.oneConnection()).isTrue();
    assertThat(address + address.name()).contains("cam.example/live/stage").doesNotContain("a/b");
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp://h/app, app, ''",
    "rtmp://h/live/in, live, in",
    "rtmp://h/live/demo/in, live/demo, in",
    "rtmp://h/live/demo/in/x, live/demo, in/x"
  })
  void anRtmpPathIsSplitAsFfmpegSplitsIt(String url, String app, String name) throws Exception {
    assertThat(at(url, "10.0.0.1").options())
        .containsEntry("rtmp_app", app)
        .containsEntry("rtmp_playpath", name);
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://u:p@cam.example/a?b=c, 10.0.0.1, rtsp://u:p@10.0.0.1:554/a?b=c",
    "RTMPS://cam.example/live/a, 10.0.0.1, rtmps://10.0.0.1:443/live/a",
    "srt://cam.example:8890?streamid=read:a, fd00::1, srt://[fd00:0:0:0:0:0:0:1]:8890?streamid=read:a",
    "rtsp://[fd00::1]:8554/a, fd00::1, rtsp://[fd00:0:0:0:0:0:0:1]:8554/a"
  })
  void theRestOfTheUrlStays(String url, String address, String opened) throws Exception {
    assertThat(at(url, address).url()).isEqualTo(opened);
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp://stage_cam_1/live/a, stage_cam_1, rtmp://10.0.0.1:1935/live/a",
    "rtsp://u:p@_cam.example:8554/a?b=c, _cam.example, rtsp://u:p@10.0.0.1:8554/a?b=c",
    "srt://my_cam:8890?streamid=a, my_cam, srt://10.0.0.1:8890?streamid=a"
  })
  void aHostMayHaveAnUnderscore(String url, String host, String opened) throws Exception {
    SourceUrl source = SourceUrl.parse(url);
    assertThat(source.host()).isEqualTo(host);
    assertThat(at(url, "10.0.0.1").url()).isEqualTo(opened);
    assertThat(source.isSameResource(url)).isTrue();
    assertThat(source.toString()).doesNotContain("u:p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "20000", "120000", "8000000"})
  void aLatencyOfSrtInMicrosecondsIsTaken(String latency) throws Exception {
    String url = "srt://cam.example:1?streamid=a&latency=" + latency;
    assertThat(SourceUrl.parse(url).reveal()).isEqualTo(url);
  }

  @Test
  void aHostThatIsNoneAndALatencyInMillisecondsAreNamed() {
    assertThatThrownBy(() -> SourceUrl.parse("rtmp://my$cam/live/a"))
        .message()
        .contains("rtmp://my$cam/live/a", "host: expected a name of letters");
    assertThatThrownBy(() -> SourceUrl.parse("srt://cam.example:1?rcvlatency=120&streamid=x"))
        .message()
        .contains(
            "option rcvlatency=120 is 0.120 ms: expected microseconds, 0 or at least 20000 (120 ms"
                + " are rcvlatency=120000)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cam.example/live/a",
        "http://cam.example/a",
        "file:///etc/passwd",
        "/etc/passwd",
        "concat:a|b",
        "rtmp:/live/a",
        "rtmp:///live/a",
        "rtmp://cam.example",
        "rtmp://cam.example/",
        "rtmp://cam.example:0/live/a",
        "rtmp://cam.example:70000/live/a",
        "rtmp://cam.example/live/a#b",
        "rtmp://cam.example/live/a playpath=/etc/passwd",
        "rtmp://cam.example/live/a\nx",
        "rtsp://[fe80::1%25eth0]/a",
        "rtsp+tcp://cam.example/a",
        "srt://cam.example",
        "srt://u:p@cam.example:1?streamid=a",
        "srt://cam.example:1?mode=listener",
        "srt://cam.example:1?mode=caller&localport=5",
        "srt://cam.example:1?streamid=a&",
        "srt://cam.example:1?latency=120",
        "rtmp://my_cam:0/live/a",
        "rtmp://my_cam:70000/live/a",
        "rtmp://my_cam:x/live/a",
        "rtmp://my$cam/live/a"
      })
  void whatNoSourceCanHaveIsRefusedWithItsForm(String url) {
    assertThatThrownBy(() -> SourceUrl.parse(url))
        .isInstanceOf(InvalidSource.class)
        .hasMessageContaining("expected ");
  }

  @Test
  void aRefusalNamesTheValueWithoutItsSecrets() {
    assertThatThrownBy(() -> SourceUrl.parse("http://user:hunter2@cam.example/a?token=hunter2"))
        .message()
        .contains("http://", "cam.example/a")
        .doesNotContain("hunter2");
    assertThatThrownBy(() -> SourceUrl.parse("srt://cam.example:1?passphrase=hunter2&mode=x"))
        .message()
        .contains("mode=caller")
        .doesNotContain("hunter2");
    assertThatThrownBy(() -> SourceUrl.parse("rtmp://h/" + "a".repeat(SourceUrl.MAX_LENGTH)))
        .hasMessageContaining("1009 characters: expected at most 1000");
  }

  @Test
  void theSameResourceIsTheSameWhateverItsQueryIs() throws Exception {
    SourceUrl url = SourceUrl.parse("rtmp://Cam.example:1935/live/a/out?user=u");
    assertThat(url.isSameResource("rtmp://cam.example/live/a/out")).isTrue();
    assertThat(url.isSameResource("rtmp://cam.example:1936/live/a/out")).isFalse();
    assertThat(url.isSameResource("rtmp://cam.example/live/a/in")).isFalse();
    assertThat(url.isSameResource("/tmp/a.flv")).isFalse();
  }

  /** All of them have one address: what they are is in the stream id. */
  @Test
  void aServerOfSrtHasManyResources() throws Exception {
    SourceUrl url = SourceUrl.parse("srt://media.example:8890?streamid=read:live/a/in:user:secret");
    assertThat(url.isSameResource("srt://media.example:8890?streamid=publish:live/a/in")).isTrue();
    assertThat(url.isSameResource("srt://media.example:8890?latency=200000&streamid=live/a/in"))
        .isTrue();
    assertThat(url.isSameResource("srt://media.example:8890?streamid=publish:live/a/out"))
        .isFalse();
    assertThat(url.isSameResource("srt://media.example:8891?streamid=publish:live/a/in")).isFalse();
    assertThat(url.isSameResource("srt://media.example:8890")).isFalse();
  }
}
