package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputUrlTemplateTest {

  private static final ServerUrl SERVER = ServerUrl.parse("rtmp://u:p@mtx:1935", Set.of("rtmp"));
  private static final Languages LANGUAGES = new Languages("en", "es");

  private static String resolved(String template) {
    return OutputUrlTemplate.parse(template).resolve(SERVER, "demo", LANGUAGES);
  }

  @Test
  void theServersCredentialsGoToTheEnd() {
    assertThat(resolved("{rtmp-url}/live/{id}/out"))
        .isEqualTo("rtmp://mtx:1935/live/demo/out?user=u&pass=p");
    assertThat(resolved("{rtmp-url}/live/{id}/out?lang={target-language}"))
        .isEqualTo("rtmp://mtx:1935/live/demo/out?lang=es&user=u&pass=p");
  }

  @Test
  void anotherServerIsTakenAsItStands() {
    assertThat(resolved("srt://cdn:9000?streamid=publish:{id}-{target-language}"))
        .isEqualTo("srt://cdn:9000?streamid=publish:demo-es");
    assertThat(resolved("file:///tmp/{id}.flv")).isEqualTo("file:///tmp/demo.flv");
  }

  @Test
  void neverPrintsCredentials() {
    assertThat(OutputUrlTemplate.parse("rtmp://a:b@h/{id}?pass=x").toString())
        .isEqualTo("rtmp://***@h/{id}?pass=***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rtmp://h/out",
        "{rtmp-url}/live/out",
        "{rtmp-url}",
        "{rtmp-url}live/{id}",
        "rtmp://h/{rtmp-url}/{id}",
        "rtmp://h/{id}/{name}",
        "rtmp://h/{id}/{",
        "rtmp://h/{id}/ x",
        "http://h/{id}",
        "/tmp/{id}.flv",
        "{id}"
      })
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> OutputUrlTemplate.parse(text));
  }
}
