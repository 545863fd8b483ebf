package babelmux.worker.captions;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.captions.CaptionBook.Words;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptionBookTest {
  private static final long SLOT_US = 6_000_000;
  private static final long START_US = 3_000_000;

  private final AtomicLong nanos = new AtomicLong();
  private final CaptionBook book = new CaptionBook(START_US, nanos::get);

  private void cut(long index) {
    book.segment(index, "f" + index, index * SLOT_US, (index + 1) * SLOT_US);
  }

  private static SlotWords said(@Nullable String transcript, @Nullable String translation) {
    return new SlotWords(
        transcript,
        translation,
        () -> List.of(new SpeechSpan(1_000_000, 2_000_000)),
        () -> List.of(new SpeechSpan(2_000_000, 3_000_000)));
  }

  private void dub(long index) {
    cut(index);
    book.dubbed(index);
    book.words(index, said("one " + index, "uno " + index));
  }

  private List<Cue> all(Words words) {
    return book.cues(words, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Test
  void cuesStandWhereTheirWordsAreSpokenInOutputTime() {
    dub(1);
    assertThat(all(Words.TRANSCRIPT))
        .containsExactly(new Cue(10_000_000, 12_000_000, List.of("one 1")));
    assertThat(all(Words.TRANSLATION))
        .containsExactly(new Cue(11_000_000, 13_000_000, List.of("uno 1")));
  }

  @Test
  void whereTheOriginalIsHeardThereIsNoTranslation() {
    cut(0);
    book.fellBack(0, FallbackReason.TIMEOUT, "late");
    book.words(0, said("one", "uno"));
    dub(1);
    book.vetoed(1);
    dub(2);
    book.bypassedIn(2);
    dub(3);
    assertThat(all(Words.TRANSCRIPT)).hasSize(4);
    assertThat(all(Words.TRANSLATION))
        .extracting(cue -> cue.lines().get(0))
        .containsExactly("uno 3");
  }

  @Test
  void aPartHasTheCuesThatAreShownInIt() {
    dub(0);
    // From 4 s to 6 s of the output.
    assertThat(book.cues(Words.TRANSCRIPT, 0, 4_000_000)).isEmpty();
    assertThat(book.cues(Words.TRANSCRIPT, 0, 4_000_001)).hasSize(1);
    assertThat(book.cues(Words.TRANSCRIPT, 5_999_999, 9_000_000)).hasSize(1);
    assertThat(book.cues(Words.TRANSCRIPT, 6_000_000, 9_000_000)).isEmpty();
  }

  @Test
  void fifteenMinutesAreKept() {
    for (int i = 0; i < 400; i++) {
      dub(i);
    }
    List<Cue> kept = all(Words.TRANSCRIPT);
    assertThat(kept.get(kept.size() - 1).lines()).containsExactly("one 399");
    assertThat(kept).hasSize(15 * 10 + 1);
  }

  @Test
  void aThousandSlotsAreKeptHoweverShort() {
    for (int i = 0; i < 5000; i++) {
      book.segment(i, "f", i * 1000L, (i + 1) * 1000L);
    }
    SlotWords words = new SlotWords("said", null, () -> List.of(new SpeechSpan(0, 500)), List::of);
    book.words(3999, words);
    assertThat(all(Words.TRANSCRIPT)).isEmpty();
    book.words(4000, words);
    assertThat(all(Words.TRANSCRIPT)).hasSize(1);
  }

  @Test
  void fiveHundredCharactersAreKeptOfASlot() {
    cut(0);
    book.dubbed(0);
    book.words(0, said("\uD83D\uDE00".repeat(700), "x".repeat(700)));
    String shown =
        String.join("", all(Words.TRANSLATION).stream().flatMap(c -> c.lines().stream()).toList());
    assertThat(shown).isEqualTo("x".repeat(500));
    String faces =
        String.join("", all(Words.TRANSCRIPT).stream().flatMap(c -> c.lines().stream()).toList());
    assertThat(faces).isEqualTo("\uD83D\uDE00".repeat(500));
  }

  @Test
  void whatIsKnownEndsAtTheFirstSlotWhoseAnswerMayStillCome() {
    assertThat(book.knownUntilUs()).isEqualTo(START_US);
    dub(0);
    cut(1);
    cut(2);
    assertThat(book.knownUntilUs()).isEqualTo(START_US + SLOT_US);
    // Its words come a moment later, or never.
    book.fellBack(1, FallbackReason.ERROR, "refused");
    assertThat(book.knownUntilUs()).isEqualTo(START_US + SLOT_US);
    nanos.addAndGet(1_000_000_001L);
    assertThat(book.knownUntilUs()).isEqualTo(START_US + 2 * SLOT_US);
    book.dubbed(2);
    book.words(2, said(null, null));
    assertThat(book.knownUntilUs()).isEqualTo(START_US + 3 * SLOT_US);
  }

  @Test
  void wordsOfNoSlotAreLeftAlone() {
    book.words(7, said("one", "uno"));
    book.dubbed(7);
    book.vetoed(7);
    assertThat(all(Words.TRANSCRIPT)).isEmpty();
  }

  @Test
  void nothingIsMeasuredBeforeSomebodyAsksForTheTranscript() {
    AtomicInteger measured = new AtomicInteger();
    cut(0);
    book.words(
        0,
        new SlotWords(
            "one",
            "uno",
            () -> {
              measured.incrementAndGet();
              return List.of(new SpeechSpan(1_000_000, 2_000_000));
            },
            List::of));
    book.dubbed(0);
    all(Words.TRANSLATION);
    book.cues(Words.TRANSCRIPT, START_US + SLOT_US, Long.MAX_VALUE);
    assertThat(measured).hasValue(0);
    assertThat(all(Words.TRANSCRIPT))
        .isEqualTo(all(Words.TRANSCRIPT))
        .containsExactly(new Cue(4_000_000, 6_000_000, List.of("one")));
    assertThat(measured).hasValue(1);
  }

  @Test
  void transcriptsThatNobodyAskedForInTimeAreShownForTheirWholeSlots() {
    for (long index = 0; index < 6; index++) {
      dub(index);
    }
    assertThat(all(Words.TRANSCRIPT).subList(0, 3))
        .containsExactly(
            new Cue(START_US, START_US + SLOT_US, List.of("one 0")),
            new Cue(START_US + SLOT_US, START_US + 2 * SLOT_US, List.of("one 1")),
            new Cue(
                START_US + 2 * SLOT_US + 1_000_000,
                START_US + 2 * SLOT_US + 3_000_000,
                List.of("one 2")));
  }
}
