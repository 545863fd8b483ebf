package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  private static final PathPattern DEFAULT = PathPattern.parse(PathPattern.DEFAULT);

  @Test
  void knowsBothEndsOfAStream() {
    assertThat(DEFAULT.match("live/my-Show_1/in"))
        .contains(new PathPattern.StreamPath("my-Show_1", Direction.IN));
    assertThat(DEFAULT.match("live/my-Show_1/out"))
        .contains(new PathPattern.StreamPath("my-Show_1", Direction.OUT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "live/in",
        "live//in",
        "live/../in",
        "live/a/b/in",
        "/live/a/in",
        "live/a/in/",
        "live/a/in\n",
        "live/a/IN",
        "live/a b/in",
        "live/a%00/in",
        "live/\u0430/in",
        "live/a/side",
        "xlive/a/in",
        "live/a/inx"
      })
  void refusesEverythingElse(String path) {
    assertThat(DEFAULT.match(path)).isEmpty();
  }

  @Test
  void streamIdsAreBounded() {
    assertThat(DEFAULT.match("live/" + "x".repeat(64) + "/in")).isPresent();
    assertThat(DEFAULT.match("live/" + "x".repeat(65) + "/in")).isEmpty();
    assertThat(DEFAULT.match("live/" + "x".repeat(1_000_000) + "/in")).isEmpty();
  }

  @Test
  void groupThatAllowsMoreThanAStreamIdStillGivesNone() {
    PathPattern loose = PathPattern.parse("^live/(.*)/in$");
    assertThat(loose.match("live/../in")).isEmpty();
    assertThat(loose.match("live/a/b/in")).isEmpty();
    assertThat(loose.match("live//in")).isEmpty();
    assertThat(loose.match("live/ok/in")).isPresent();
  }

  @Test
  void acceptsAnotherLayoutAndMediaMtxsTilde() {
    PathPattern other = PathPattern.parse("~^(?:studio|stage)/([a-z]+)/in$");
    assertThat(other.match("stage/one/in"))
        .contains(new PathPattern.StreamPath("one", Direction.IN));
    assertThat(other.match("stage/one/out"))
        .contains(new PathPattern.StreamPath("one", Direction.OUT));
    assertThat(other).hasToString("^(?:studio|stage)/([a-z]+)/in$");
  }

  @Test
  void withoutInAtItsEndThereIsNoOutput() {
    PathPattern plain = PathPattern.parse("^([a-z]+)$");
    assertThat(plain.match("one")).contains(new PathPattern.StreamPath("one", Direction.IN));
    assertThat(plain.match("out").map(PathPattern.StreamPath::direction)).contains(Direction.IN);
  }

  @Test
  void optionalGroupThatTookNoPartGivesNoStream() {
    assertThat(PathPattern.parse("^live(?:/([a-z]+))?/in$").match("live/in")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"^live/[a-z]+/in$", "^(live)/([a-z]+)/in$", "^live/([a-z]+/in$", ""})
  void badSettingIsExplained(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathPattern.parse(text))
        .withMessageContaining("input.path-pattern")
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining("expected");
  }
}
