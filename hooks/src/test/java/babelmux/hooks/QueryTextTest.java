package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
        .isInstanceOf(InvalidBody.class)
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
  void valuesAreMaskedInReasonsAndLogs() {
    assertThatThrownBy(() -> QueryText.decodeOnce("user=bob&pass=hunter2&lang='x'"))
        .hasMessageContaining("user=***&pass=***&lang=")
        .hasMessageNotContaining("hunter2");
    assertThat(QueryText.redact("lang=es&access_token=abc&x=1;Password=p"))
        .isEqualTo("lang=***&access_token=***&x=***;Password=***");
    assertThat(
            new SourceEvent("live/a/in", "a", Direction.IN, "rtmpConn", "1", "pass=hunter2", "c"))
        .asString()
        .doesNotContain("hunter2")
        .contains("live/a/in");
  }

  @Test
  void anEncodedParameterIsMaskedFromItsFirstEscape() {
    assertThat(QueryText.redact("p%61ss=hunter2&a=1")).isEqualTo("p%***&a=***");
    assertThat(QueryText.redact("%zz=hunter2&a=1")).isEqualTo("%***&a=***");
    assertThat(QueryText.redact("a=1&jwt%3Dhunter2")).isEqualTo("a=***&jwt%***");
    assertThat(QueryText.redact("a=1&token")).isEqualTo("a=***&token");
  }

  @Test
  void theNumberOfParametersIsBounded() {
    assertThat(QueryText.decodeOnce("a=1&".repeat(63) + "b=2")).endsWith("b=2");
    assertThatThrownBy(() -> QueryText.decodeOnce("a=1&".repeat(64) + "b=2"))
        .isInstanceOf(InvalidBody.class)
        .hasMessageContaining("64 parameters");
    assertThatThrownBy(() -> QueryText.decodeOnce("a%26".repeat(64) + "b"))
        .hasMessageContaining("64 parameters");
  }

  static Stream<String> attacks() {
    return Stream.of(
        "jwt%3D" + "a".repeat(1500),
        "jwt%3D" + "%61".repeat(1300),
        "a".repeat(4096),
        "user".repeat(1024),
        "=".repeat(4096),
        "userpass".repeat(500) + "%zz",
        "?user".repeat(800) + "'",
        "%41".repeat(1365),
        "%".repeat(4096),
        "+".repeat(4095) + "<");
  }

  /** Each took seconds, or the whole stack, when regular expressions looked at it. */
  @ParameterizedTest
  @MethodSource("attacks")
  @Timeout(20)
  void craftedQueriesCostOnePass(String query) {
    for (int i = 0; i < 200; i++) {
      try {
        QueryText.redact(QueryText.decodeOnce(query));
      } catch (InvalidBody refused) {
        assertThat(refused.detail()).startsWith("query: ");
      }
      QueryText.redact(query);
    }
  }
}
