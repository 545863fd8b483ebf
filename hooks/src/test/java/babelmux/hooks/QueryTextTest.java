package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {

  @ParameterizedTest
  @CsvSource({
    "lang%3Des%26x%3Da%2520b, lang=es&x=a%20b",
    "lang=es&x=a%20b, lang=es&x=a%20b",
    "x%3D%2525, x=%25",
    "a+b, a b",
    "a=b+c, a=b+c",
    "name%3D%C3%A9, name=é",
    "name=é, name=é",
    "%70ass%3D1, pass=1",
    "'', ''",
  })
  void decodesOnceWhatWasEncodedAndLeavesWhatWasRaw(String given, String expected) {
    assertThat(QueryText.decodeOnce(given)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%00",
        "%00",
        "a%3D%2500",
        "a=%0a",
        "a=%7F",
        "a=\"b\"",
        "a%3D%22b%22",
        "a='b'",
        "a=`id`",
        "a=<script>",
        "a=b\\c",
        "a=100%",
        "a=%zz",
        "%ff%fe",
        "a=\u0000",
        "a=\n",
        "a=\u202e",
        "a=\ud800"
      })
  void refusesWhatNoUrlMayHold(String given) {
    assertThatThrownBy(() -> QueryText.decodeOnce(given))
        .isInstanceOf(InvalidEvent.class)
        .hasMessageStartingWith("query: ")
        .hasMessageContaining("expected");
  }

  @Test
  void lengthIsBounded() {
    assertThat(QueryText.decodeOnce("a=" + "b".repeat(4094))).hasSize(4096);
    assertThatThrownBy(() -> QueryText.decodeOnce("a=" + "b".repeat(4095)))
        .hasMessage("query: 4097 characters: expected at most 4096");
  }

  @Test
  void credentialsAreMaskedInReasonsAndLogs() {
    assertThatThrownBy(() -> QueryText.decodeOnce("user=bob&pass=hunter2&lang='x'"))
        .hasMessageContaining("user=***&pass=***&lang=")
        .hasMessageNotContaining("hunter2");
    assertThat(QueryText.redact("lang=es&access_token=abc&x=1;Password=p"))
        .isEqualTo("lang=es&access_token=***&x=1;Password=***");
    assertThat(
            new SourceEvent("live/a/in", "a", Direction.IN, "rtmpConn", "1", "pass=hunter2", "c"))
        .asString()
        .doesNotContain("hunter2")
        .contains("live/a/in");
  }
}
