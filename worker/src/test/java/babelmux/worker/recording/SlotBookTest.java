package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.captions.Cue;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Output time is session time + 3 s; slots are 6 s long. */
class SlotBookTest {
  private static final long SLOT_US = 6_000_000;
  private final SlotBook book = new SlotBook(3_000_000);

  private void cut(long index) {
    book.segment(index, "f" + index, index * SLOT_US, (index + 1) * SLOT_US);
  }

  private void words(long index, String transcript, String translation) {
    book.words(
        index,
        new SlotWords(
            transcript,
            translation,
            () -> List.of(new SpeechSpan(1_000_000, 3_000_000)),
            () -> List.of(new SpeechSpan(2_000_000, 4_000_000))));
  }

  @Test
  void aSlotIsGivenOnceWhenItIsOnAir() {
    cut(0);
    assertThat(book.slotsBy(2_999_999)).isEmpty();
    book.dubbed(0);
    words(0, "one", "uno");
    assertThat(book.slotsBy(2_999_999)).isEmpty();
    assertThat(book.slotsBy(3_000_000))
        .containsExactly(
            new SlotEntry(0, "f0", 3_000_000, 9_000_000, true, null, null, "one", "uno", true));
    assertThat(book.slotsBy(4_000_000)).isEmpty();
  }

  @Test
  void wordsThatComeALittleLateAreGivenAfterAll() {
    cut(0);
    book.dubbed(0);
    assertThat(book.slotsBy(3_000_000)).extracting(SlotEntry::transcript).containsOnlyNulls();
    words(0, "one", "uno");
    assertThat(book.slotsBy(3_100_000)).extracting(SlotEntry::transcript).containsExactly("one");
  }

  @Test
  void whereNoDubIsHeardItsWordsAreNotShown() {
    cut(0);
    book.fellBack(0, FallbackReason.INVALID_OUTPUT, "empty");
    words(0, "one", "uno");
    assertThat(book.slotsBy(5_000_000))
        .containsExactly(
            new SlotEntry(
                0,
                "f0",
                3_000_000,
                9_000_000,
                false,
                "invalid_output",
                "empty",
                "one",
                "uno",
                false));
    assertThat(book.source().by(9_000_000)).extracting(Cue::startUs).containsExactly(4_000_000L);
    assertThat(book.target().by(9_000_000)).isEmpty();
  }

  @Test
  void aDubThatAnOperatorKeepsOffAirIsNotShown() {
    cut(0);
    cut(1);
    book.vetoed(0);
    book.dubbed(0);
    words(0, "one", "uno");
    book.dubbed(1);
    words(1, "two", "dos");
    assertThat(book.slotsBy(9_000_000)).extracting(SlotEntry::aired).containsExactly(false, true);
    book.bypassedIn(1);
    assertThat(book.slotsBy(9_500_000))
        .containsExactly(
            new SlotEntry(
                1,
                "f1",
                9_000_000,
                15_000_000,
                true,
                "bypass",
                "an operator took the dubs off air, for all of the slot or a part",
                "two",
                "dos",
                false));
    assertThat(book.target().by(30_000_000)).isEmpty();
    assertThat(book.source().by(30_000_000)).hasSize(2);
  }

  @Test
  void cuesAreGivenWhenTheirTimeHasCome() {
    cut(0);
    cut(1);
    book.dubbed(1);
    words(1, "two", "dos");
    book.dubbed(0);
    words(0, "one", "uno");
    assertThat(book.target().by(4_999_999)).isEmpty();
    assertThat(book.target().by(5_000_000))
        .containsExactly(new Cue(5_000_000, 8_000_000, List.of("uno")));
    assertThat(book.target().by(100_000_000))
        .containsExactly(new Cue(11_000_000, 14_000_000, List.of("dos")));
  }

  @Test
  void whatReachesIntoTheNextFileIsGivenAgain() {
    cut(0);
    cut(1);
    book.dubbed(0);
    words(0, "one", "uno");
    assertThat(book.slotsBy(6_000_000)).hasSize(1);
    assertThat(book.source().by(6_000_000)).hasSize(1);
    assertThat(book.target().by(6_000_000)).hasSize(1);
    book.restart(6_900_000);
    assertThat(book.slotsBy(6_900_000)).extracting(SlotEntry::number).containsExactly(0L);
    assertThat(book.source().by(6_900_000)).as("over in 0.1 s").isEmpty();
    assertThat(book.target().by(6_900_000)).hasSize(1);
    book.restart(9_000_000);
    assertThat(book.slotsBy(9_000_000)).isEmpty();
    assertThat(book.target().by(9_000_000)).isEmpty();
  }

  @Test
  void itHoldsNoMoreThanAThousandSlots() {
    for (int index = 0; index < 3000; index++) {
      cut(index);
      book.dubbed(index);
    }
    assertThat(book.slotsBy(Long.MAX_VALUE - SLOT_US)).hasSize(1000);
  }
}
