package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputUrlTemplateTest {

  private static final ServerUrl SERVER = ServerUrl.parse("rtmp://u:p@mtx:1935", Set.of("rtmp"));

  @ParameterizedTest
  @CsvSource({
    "{rtmp-url}/{path}, rtmp://mtx:1935/live/demo/in?user=u&pass=p",
    "{rtmp-url}/relay/{id}?vhost=a, rtmp://mtx:1935/relay/demo?vhost=a&user=u&pass=p",
    "rtsp://u:p@mtx:8554/{path}, rtsp://u:p@mtx:8554/live/demo/in",
    "srt://mtx:8890?streamid=read:{path}:u:p, srt://mtx:8890?streamid=read:live/demo/in:u:p",
    "rtmps://other/{id}, rtmps://other/demo"
  })
  void theStreamsPathAndIdArePutIn(String template, String url) {
    assertThat(InputUrlTemplate.parse(template).resolve(SERVER, "live/demo/in", "demo"))
        .isEqualTo(url);
  }

  @Test
  void neverPrintsCredentials() {
    assertThat(InputUrlTemplate.parse("rtsp://a:b@h/{path}").toString())
        .isEqualTo("rtsp://***@h/{path}");
    assertThat(InputUrlTemplate.parse("srt://h?streamid=read:{path}:a:b&mode=caller").toString())
        .isEqualTo("srt://h?streamid=***&mode=***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rtsp://h/in",
        "{rtmp-url}",
        "{rtmp-url}{path}",
        "rtsp://h/{rtmp-url}/{path}",
        "rtsp://h/{path}/{name}",
        "rtsp://h/{path}/ x",
        "http://h/{path}",
        "file:///{path}",
        "udp://h:1/{id}",
        "/tmp/{id}.flv",
        "{path}"
      })
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> InputUrlTemplate.parse(text));
  }
}
