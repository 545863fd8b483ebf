package babelmux.origin.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HookCommandTest {
  @Test
  void wordsAreSplitLikeAShellDoes() {
    assertThat(HookCommand.parse("sh -c 'echo \"$A\" > f' \"b \\\" c\" d\\ e ''").words())
        .containsExactly("sh", "-c", "echo \"$A\" > f", "b \" c", "d e", "");
  }

  @Test
  void variablesAreReplacedWithinWordsAfterwards() {
    Map<String, String> environment = Map.of("A", "it's a b", "MTX_PATH", "live/x/in");
    assertThat(HookCommand.parse("run $A-${MTX_PATH} '$NOPE'").expand(environment::get))
        .containsExactly("run", "it's a b-live/x/in", "");
  }

  @Test
  void openQuotesAndNothingAreRefused() {
    assertThatThrownBy(() -> HookCommand.parse("sh -c 'x")).hasMessageContaining("not closed");
    assertThatThrownBy(() -> HookCommand.parse("  ")).hasMessageContaining("empty");
  }
}
