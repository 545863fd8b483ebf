package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

  private static final Set<String> RTMP = Set.of("rtmp", "rtmps");

  @Test
  void bothFormsOfCredentialsEndUpInTheQuery() {
    String wanted = "rtmp://mtx:1936/live/a/in?user=us%40r&pass=p%3A%2Fw%20d";
    ServerUrl inFront = ServerUrl.parse("rtmp://us%40r:p%3A%2Fw%20d@mtx:1936", RTMP);
    ServerUrl inQuery = ServerUrl.parse("rtmp://mtx:1936/?user=us%40r&pass=p:/w%20d", RTMP);
    assertThat(inFront.withPath("live/a/in")).isEqualTo(wanted);
    assertThat(inQuery.withPath("live/a/in")).isEqualTo(wanted);
    assertThat(inFront).isEqualTo(inQuery).hasSameHashCodeAs(inQuery);
  }

  @Test
  void aPlusInAPasswordInFrontOfTheHostStaysAPlus() {
    assertThat(ServerUrl.parse("rtmp://u:a+b@h", RTMP).withPath("x"))
        .isEqualTo("rtmp://h/x?user=u&pass=a%2Bb");
  }

  @Test
  void credentialsNeverPrint() {
    assertThat(ServerUrl.parse("rtmp://john:hunter2@h:1935", RTMP).toString())
        .isEqualTo("rtmp://h:1935?user=***&pass=***");
    assertThat(ServerUrl.parse("rtmp://h?jwt=eyJhbGci", RTMP).toString())
        .isEqualTo("rtmp://h?jwt=***");
  }

  @Test
  void theBaseHasNeitherCredentialsNorASlashAtTheEnd() {
    ServerUrl api = ServerUrl.parse("http://user:secret@h:9997/", Set.of("http"));
    assertThat(api.base()).isEqualTo("http://h:9997");
  }

  @Test
  void anHttpClientCanTakeTheCredentialsFromTheUri() {
    ServerUrl api = ServerUrl.parse("http://h:9997?user=a%40b&pass=p%3Aq", Set.of("http"));
    assertThat(api.toUri()).hasHost("h").hasPort(9997).hasUserInfo("a@b:p:q");
  }

  @Test
  void aTokenInTheQueryStaysThere() {
    ServerUrl jwt = ServerUrl.parse("http://h:9997?jwt=a.b%2Bc&token=t", Set.of("http"));
    assertThat(jwt.toUri()).hasToString("http://h:9997?jwt=a.b%2Bc&token=t");
    ServerUrl both = ServerUrl.parse("http://u:p@h:9997/api?token=t", Set.of("http"));
    assertThat(both.toUri()).hasToString("http://u:p@h:9997/api?token=t");
    assertThat(both.toString()).doesNotContain("=t").doesNotContain("u:p");
  }

  @Test
  void anotherHostKeepsTheRest() {
    ServerUrl url = ServerUrl.parse("rtmp://u:p@h:1936/app", RTMP);
    assertThat(url.withHost("mediamtx").withPath("x"))
        .isEqualTo("rtmp://mediamtx:1936/app/x?user=u&pass=p");
    assertThat(url.withHost("::1").base()).isEqualTo("rtmp://[::1]:1936/app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mtx",
        "http://mtx",
        "rtmp://",
        "rtmp:///live",
        "rtmp://h:0",
        "rtmp://h:70000",
        "rtmp://useronly@h",
        "rtmp://h?user",
        "rtmp://u:p@h?user=v&pass=q",
        "rtmp://h/#x",
        "rtmp://h /x",
        "rtmp://h?pass=%zz"
      })
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ServerUrl.parse(text, RTMP));
  }
}
