package babelmux.worker.captions;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sound.SpeechSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class CueTimesTest {
  private static final long START = 9_000_000;
  private static final long END = 15_000_000;
  private static final List<String> TEN = List.of("0123456789");

  private static List<Cue> of(List<List<String>> pieces, SpeechSpan... speech) {
    return CueTimes.of(pieces, List.of(speech), START, END);
  }

  private static SpeechSpan span(double fromSeconds, double toSeconds) {
    return new SpeechSpan((long) (fromSeconds * 1e6), (long) (toSeconds * 1e6));
  }

  @Test
  void aCueBeginsWithTheSpeechAndStaysASecondAfterIt() {
    assertThat(of(List.of(TEN), span(1, 3)))
        .containsExactly(new Cue(START + 1_000_000, START + 4_000_000, TEN));
  }

  @Test
  void noCueOutlastsItsSlot() {
    assertThat(of(List.of(TEN), span(1, 5.8)))
        .containsExactly(new Cue(START + 1_000_000, END, TEN));
  }

  @Test
  void piecesShareTheSpeechInProportion() {
    List<String> twenty = List.of("01234567890123456789");
    List<Cue> cues = of(List.of(TEN, twenty, TEN), span(1, 5));
    assertThat(cues)
        .extracting(Cue::startUs)
        .containsExactly(START + 1_000_000, START + 2_000_000, START + 4_000_000);
    assertThat(cues)
        .extracting(Cue::endUs)
        .containsExactly(START + 2_000_000, START + 4_000_000, END);
  }

  @Test
  void aPauseBelongsToNoPiece() {
    List<Cue> cues = of(List.of(TEN, TEN), span(0.5, 1.5), span(4, 5));
    assertThat(cues)
        .containsExactly(
            new Cue(START + 500_000, START + 2_500_000, TEN), new Cue(START + 4_000_000, END, TEN));
  }

  @Test
  void withoutSpeechTheWholeSlotCounts() {
    List<Cue> cues = of(List.of(TEN, TEN));
    assertThat(cues)
        .containsExactly(
            new Cue(START, START + 3_000_000, TEN), new Cue(START + 3_000_000, END, TEN));
  }

  @Test
  void startsRiseHoweverLittleIsSpoken() {
    List<Cue> cues = of(List.of(TEN, TEN, TEN), span(5.99999, 6));
    assertThat(cues).isNotEmpty();
    for (int i = 0; i < cues.size(); i++) {
      assertThat(cues.get(i).endUs()).isGreaterThan(cues.get(i).startUs()).isLessThanOrEqualTo(END);
      assertThat(i == 0 || cues.get(i).startUs() >= cues.get(i - 1).endUs()).isTrue();
    }
  }
}
