package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCookieTest {

  private static final SessionCookie PLAIN = SessionCookie.of(List.of("dub.example"));

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
    assertThat(PLAIN.values(List.of(header)))
        .isEqualTo(values == null ? List.of() : List.of(values.split(",", -1)));
  }

  @Test
  void thereMayBeSeveralHeaders() {
    assertThat(PLAIN.values(List.of("babelmux-session=a", "x=y", "babelmux-session=b")))
        .containsExactly("a", "b");
    assertThat(PLAIN.values(List.of())).isEmpty();
  }

  @Test
  void noScriptReadsItAndNoOtherSiteSendsIt() {
    assertThat(PLAIN.set("abc", false))
        .isEqualTo("babelmux-session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200");
    assertThat(PLAIN.set("abc", true))
        .isEqualTo(
            "babelmux-session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200; Secure");
    assertThat(PLAIN.removed(false))
        .isEqualTo("babelmux-session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    assertThat(PLAIN.removed(true)).endsWith("; Max-Age=0; Secure");
  }

  @ParameterizedTest
  @CsvSource({
    "dub.example:8080,    babelmux-session-8080",
    "127.0.0.1:1,         babelmux-session-1",
    "[::1]:65535,         babelmux-session-65535",
    "dub.example,         babelmux-session",
    "[::1],               babelmux-session",
    "'',                  babelmux-session",
    "dub.example:,        babelmux-session",
    "dub.example:0,       babelmux-session",
    "dub.example:065,     babelmux-session",
    "dub.example:65536,   babelmux-session",
    "dub.example:80=x,    babelmux-session",
    "dub.example:80;x,    babelmux-session",
    "a:1 b:2,             babelmux-session",
    "a@b:80,              babelmux-session",
    "dub.example:999999,  babelmux-session"
  })
  void itsNameHasThePortThatTheWorkerIsAskedAt(String host, String name) {
    SessionCookie cookie = SessionCookie.of(List.of(host));
    assertThat(cookie.name()).isEqualTo(name);
    assertThat(cookie.set("abc", false)).startsWith(name + "=abc; ");
    assertThat(cookie.removed(false)).startsWith(name + "=; ");
    assertThat(cookie.values(List.of(name + "=a; babelmux-session-9=b; " + name + "0=c")))
        .containsExactly("a");
  }

  @Test
  void severalHostsOrNoneNameNoPort() {
    assertThat(SessionCookie.of(List.of()).name()).isEqualTo("babelmux-session");
    assertThat(SessionCookie.of(List.of("a:1", "a:1")).name()).isEqualTo("babelmux-session");
  }
}
