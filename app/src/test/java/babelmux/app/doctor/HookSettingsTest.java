package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.PathSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookSettingsTest {
  private static final String IN = "live/x/in";
  private static final String OUT = "live/x/out";
  private static final String HOOK = "$BABELMUX_HOOK ready";

  private static List<Code> codes(PathSettings... all) {
    return HookSettings.of(List.of(all), IN, OUT).findings(IN, OUT, true).stream()
        .filter(finding -> finding.level() != Level.OK)
        .map(Finding::code)
        .toList();
  }

  private static PathSettings path(String name, String onReady, String onNotReady) {
    return new PathSettings(name, onReady, onNotReady);
  }

  @Test
  void theFilesOfDeployAreAsTheyShouldBe() {
    assertThat(
            codes(
                path("~^live/([A-Za-z0-9_-]{1,64})/in$", HOOK, "$BABELMUX_HOOK not-ready"),
                path("~^live/([A-Za-z0-9_-]{1,64})/out$", "", "")))
        .isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(codes()).containsExactly(Code.IN_NOT_CONFIGURED, Code.OUT_NOT_CONFIGURED);
    assertThat(codes(path("all_others", "", ""))).containsExactly(Code.HOOK_MISSING);
    assertThat(codes(path(IN, HOOK, ""), path("all", "", "")))
        .containsExactly(Code.NOT_READY_HOOK_MISSING);
    assertThat(codes(path("~^live/[a-z]+/in$", HOOK, "b")))
        .containsExactly(Code.OUT_NOT_CONFIGURED);
    assertThat(HookSettings.of(List.of(path(IN, "a", "b")), IN, "").findings(IN, "", false))
        .as("outputs go elsewhere")
        .allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void ourHookOnOutputsIsNamedAndAnothersIsNot() {
    assertThat(codes(path("all_others", HOOK, "b"))).containsExactly(Code.HOOK_ON_OUTPUT);
    assertThat(codes(path(IN, "a", "b"), path(OUT, "/x/mtx-hook ready", "")))
        .containsExactly(Code.HOOK_ON_OUTPUT);
    assertThat(codes(path(IN, "a", "b"), path(OUT, "ffmpeg -i x", ""))).isEmpty();
    assertThat(codes(path(IN, "our-own ready", "b"), path(OUT, "our-own ready", "")))
        .as("the same command, whatever its name")
        .containsExactly(Code.HOOK_ON_OUTPUT);
  }

  @Test
  void aCommandsArgumentsAreNotShown() {
    List<Finding> findings =
        HookSettings.of(List.of(path("all", "mtx-hook --token=secret", "b")), IN, OUT)
            .findings(IN, OUT, true);
    assertThat(findings.toString()).contains("mtx-hook").doesNotContain("secret");
    List<Finding> tab =
        HookSettings.of(List.of(path("all", " mtx-hook\t--token=secret", "b")), IN, OUT)
            .findings(IN, OUT, true);
    assertThat(tab.toString()).contains("mtx-hook").doesNotContain("secret");
  }

  @Test
  void aNameGoesBeforeExpressionsAndTheseBeforeCatchAlls() {
    PathSettings name = path(IN, "1", "");
    PathSettings early = path("~^live", "2", "");
    PathSettings late = path("~in$", "3", "");
    PathSettings others = path("all_others", "4", "");
    assertThat(HookSettings.find(List.of(others, late, early, name), IN)).contains(name);
    assertThat(HookSettings.find(List.of(others, late, early), IN)).contains(early);
    assertThat(HookSettings.find(List.of(others, path("~(", "x", ""), late), IN)).contains(late);
    assertThat(HookSettings.find(List.of(others), IN)).contains(others);
    assertThat(HookSettings.find(List.of(path("live/y/in", "", "")), IN)).isEmpty();
  }
}
