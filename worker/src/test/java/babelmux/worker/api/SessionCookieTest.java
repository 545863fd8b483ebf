package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCookieTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "babelmux-session=abc                      | abc",
        "a=b; babelmux-session=abc; c=d            | abc",
        "a=b;babelmux-session=abc;c=d              | abc",
        "babelmux-session=abc; babelmux-session=de | abc,de",
        "babelmux-session=a=b                      | a=b",
        "babelmux-session=                         | ''",
        "babelmux-session                          |",
        "xbabelmux-session=abc                     |",
        "babelmux-sessions=abc                     |",
        "Babelmux-Session=abc                      |",
        "a=babelmux-session=abc                    |",
        ";;;                                       |",
        "''                                        |"
      })
  void aHeaderIsReadWhateverStandsInIt(String header, @Nullable String values) {
    assertThat(SessionCookie.values(List.of(header)))
        .isEqualTo(values == null ? List.of() : List.of(values.split(",", -1)));
  }

  @Test
  void thereMayBeSeveralHeaders() {
    assertThat(SessionCookie.values(List.of("babelmux-session=a", "x=y", "babelmux-session=b")))
        .containsExactly("a", "b");
    assertThat(SessionCookie.values(List.of())).isEmpty();
  }

  @Test
  void noScriptReadsItAndNoOtherSiteSendsIt() {
    assertThat(SessionCookie.set("abc", false))
        .isEqualTo("babelmux-session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200");
    assertThat(SessionCookie.set("abc", true))
        .isEqualTo(
            "babelmux-session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200; Secure");
    assertThat(SessionCookie.removed(false))
        .isEqualTo("babelmux-session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    assertThat(SessionCookie.removed(true)).endsWith("; Max-Age=0; Secure");
  }
}
