package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void showsPlainTextAsItIs() {
    assertThat(Printable.quote("live/café 日本/in")).isEqualTo("\"live/café 日本/in\"");
  }

  @Test
  void escapesWhatCouldBreakOrReorderALine() {
    assertThat(Printable.quote("a\n\u0000\u001b[31m\u202e\u2028\"\\\ud800"))
        .isEqualTo("\"a\\u000a\\u0000\\u001b[31m\\u202e\\u2028\\\"\\\\\\ud800\"");
  }

  @Test
  void shortensWithoutCuttingACharacter() {
    assertThat(Printable.escape("😀".repeat(81)))
        .isEqualTo("😀".repeat(80) + "... (81 characters)");
  }
}
