package babelmux.worker.captions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CueTextTest {

  private static String joined(List<List<String>> pieces) {
    return pieces.stream().flatMap(List::stream).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t", "\u0000", "\u2028"})
  void nothingToReadIsNoPiece(String text) {
    assertThat(CueText.split(text)).isEmpty();
  }

  @Test
  void shortSentencesStandTogether() {
    assertThat(CueText.split("Zero. One. Two.\nThree. Four. Five."))
        .containsExactly(List.of("Zero. One. Two. Three. Four. Five."));
  }

  @Test
  void aPieceEndsWithItsSentence() {
    List<List<String>> pieces =
        CueText.split(
            "This is a sentence that takes nearly the two lines that there are. "
                + "And here is another one of them. Short.");
    assertThat(pieces)
        .containsExactly(
            List.of("This is a sentence that takes nearly the", "two lines that there are."),
            List.of("And here is another one of them. Short."));
  }

  @Test
  void aLongSentenceIsBrokenBetweenWords() {
    String text = "word ".repeat(60).strip();
    List<List<String>> pieces = CueText.split(text);
    assertThat(pieces).hasSizeGreaterThan(3);
    assertThat(pieces)
        .allSatisfy(
            lines -> {
              assertThat(lines).hasSizeBetween(1, CueText.MAX_LINES);
              assertThat(lines)
                  .allSatisfy(
                      line -> {
                        assertThat(CueText.columns(line)).isBetween(1, CueText.MAX_COLUMNS);
                        assertThat(line).matches("(word ?)+");
                      });
            });
    assertThat(joined(pieces)).isEqualTo(text);
  }

  @Test
  void anEndlessWordIsBrokenBetweenCharacters() {
    String thumbs = "\uD83D\uDC4D".repeat(100);
    List<List<String>> pieces = CueText.split(thumbs);
    assertThat(joined(pieces).replace(" ", "")).isEqualTo(thumbs);
    assertThat(pieces.get(0).get(0).codePointCount(0, pieces.get(0).get(0).length()))
        .isEqualTo(CueText.MAX_COLUMNS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"漢字かな交じり文", "カタカナノブン", "대한민국의문장", "ㄅㄆㄇㄈㄉㄊㄋ"})
  void wideCharactersTakeTwoColumns(String text) {
    List<List<String>> pieces = CueText.split(text.repeat(12));
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(pieces.get(0).get(0)).hasSizeLessThanOrEqualTo(21).hasSizeGreaterThan(10);
  }
}
