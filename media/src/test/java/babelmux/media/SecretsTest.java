package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @Test
  void whatIsKnownToBeSecretIsMaskedInAnyForm() {
    Secrets.know("tok3n-of-an-operator");
    Secrets.know("short");
    assertThat(Secrets.mask("invalid API key: tok3n-of-an-operator!"))
        .isEqualTo("invalid API key: ***!");
    assertThat(Secrets.maskKnown("a=b, tok3n-of-an-operator")).isEqualTo("a=b, ***");
    assertThat(Secrets.mask("short circuit")).isEqualTo("short circuit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rtmp://127.0.0.1/live/x/in | rtmp://127.0.0.1/live/x/in",
        "rtmp://h/a/b?user=joe&pass=x | rtmp://h/a/b?user=***&pass=***",
        "rtmp://joe:p/w@rd@h:1935/a/b | rtmp://***@h:1935/a/b",
        "srt://h:8890?streamid=publish:a:joe:x&passphrase=y&pbkeylen=16"
            + " | srt://h:8890?streamid=***&passphrase=***&pbkeylen=***",
        "cannot open srt://h:1?passphrase=y: refused | cannot open srt://h:1?passphrase=***"
            + " refused",
        "option passphrase=y,mode=caller | option passphrase=***",
        "Setting STREAMID=y, then | Setting STREAMID=*** then",
        "rtmp://h/a?jwt=e.y.J#part | rtmp://h/a?jwt=***",
        "pts (6264) < dts (6265) in stream=0 | pts (6264) < dts (6265) in stream=0",
        "srt://h:1?passphrase=a;b#c&mode=caller | srt://h:1?passphrase=***&mode=***",
        "cannot open 'srt://h:1?passphrase=a@b&mode=caller' | cannot open 'srt://***&mode=***'",
        "out/a=b/c.mp4 | out/a=b/c.mp4",
        "open rtmp://u:p@h/x?jwt=k failed | open rtmp://***@h/x?jwt=*** failed",
        "cannot open @rtmp://h/x: refused | cannot open @rtmp://h/x: refused",
        "cannot open u:p@rtmp://h/x: refused | cannot open ***@rtmp://h/x: refused",
        "[rtmp @ 0x55] no | [rtmp @ 0x55] no"
      })
  void secretsAreMaskedAndTheRestIsKept(String text, String expected) {
    assertThat(Secrets.mask(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp://h:1935/live/a/in, rtmp://h:1935/live/a/in",
    "rtmp://u:p@h/x, rtmp://***@h/x",
    "rtmp://u:p/w@h/x, rtmp://***@h/x",
    "rtmp://u:p?w@h/x, rtmp://***@h/x",
    "rtmp://u:p\"w@h/x, rtmp://***@h/x",
    "rtmp//u:p@h/x, rtmp//***@h/x",
    "u:p@h/x, ***@h/x",
    "rtmp://h/x?user=u&pass=p, rtmp://h/x?user=***&pass=***",
    "srt://cam:9000?passphrase=hunter2@secret99, srt://***",
    "rtmp://h/x?user=u&pass=p@ssword&x=y, rtmp://***&x=***",
    "rtmp://u:p@h/x?pass=p@ssword, rtmp://***",
    "srt://h:1?passphrase=abcde;fghijk, srt://h:1?passphrase=***",
    "u:p?a=b@h/x, ***",
    "rtmp://h/x?jwt=k and more, rtmp://h/x?jwt=***",
    "rtmp://u:my pass@h/x, rtmp://***@h/x",
    "rtmp://h/x?pass=my pass, rtmp://h/x?pass=***",
    "rtmp://u:p%40h/x, rtmp://***%40h/x",
    "rtmp://h/live/a%40b, rtmp://h/live/a%40b",
    "u:p@rtmp://h/x, ***@rtmp://h/x",
    "u:p@rtmp://a:b@h/x, ***@rtmp://***@h/x",
    "@rtmp, @rtmp",
    "@rtmp:/h/x, @rtmp:/h/x",
    "@rtmp://h/x, @rtmp://h/x",
    "@rtmp://u:p@h/x, @rtmp://***@h/x",
    "rtmp://@h/x, rtmp://@h/x",
    "@@h/x, ***@h/x",
    "rtmp:@h/x, ***@h/x",
    "rtmp:///u:p@h/x, rtmp://***@h/x",
    "rtmp:\\u:p@h/x, ***@h/x",
    "//u:p@h, //***@h",
    "pass=x//y, pass=***",
    "pass=x//u:p@h, pass=******@h",
    "no url at all, no url at all"
  })
  void hidesUsersPasswordsAndQueryValuesOfUrls(String text, String shown) {
    assertThat(Secrets.maskUrl(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp://h:1935/app/key, rtmp://h:1935/app/***, key",
    "rtmps://u:p@h/app/inst/longkey?x=y, rtmps://***@h/app/***, inst/longkey?x=y inst/longkey",
    "rtmp://h/lonekey, rtmp://h/***, lonekey",
    "RTMP://h/a/longkey?to=a/b, RTMP://h/a/***, longkey?to=a/b longkey",
    "rtmp://h/app?key=1234, rtmp://h/***, app?key=1234",
    "rtmp://h, rtmp://h, ''",
    "srt://h:1?streamid=longkey, srt://h:1?streamid=***, ''",
    "file:///data/film.mp4, file:///data/film.mp4, ''"
  })
  void hidesTheStreamKeyOfWhatIsPublishedTo(String url, String shown, String keys) {
    assertThat(Secrets.maskKey(url)).isEqualTo(shown);
    assertThat(Secrets.keysOf(url))
        .containsExactlyElementsOf(
            keys.isEmpty()
                ? List.of()
                : Arrays.stream(keys.split(" ")).filter(key -> key.length() > 3).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "//", "@", "//@", "?=", "pass=", "a=b", "  '\"<>", "rtmp://:@/", "x?&=&;=#"})
  void oddTextsAreNoProblem(String text) {
    assertThat(Secrets.mask(text)).isNotNull();
    assertThat(Secrets.maskUrl(text)).isNotNull();
  }

  @Test
  void aLongTextTakesNoLongerThanItsLengthAsks() {
    for (String part : new String[] {"//", "a:", "//a:b@", "?a=", "pass=", "&", "x", "@:", "a="}) {
      String text = part.repeat(1_000_000 / part.length());
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> assertThat(Secrets.mask(text) + Secrets.maskUrl(text)).isNotNull());
    }
  }
}
