package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ring of five events, of the epoch e1. */
class JournalRingTest {

  private final JournalRing ring = new JournalRing("e1", 5);

  private void add(int events) {
    for (int i = 0; i < events; i++) {
      ring.add(
          "s" + i % 2, new StreamDebug.Event(Instant.EPOCH, "cut", ring.last() + 1, null, null));
    }
  }

  private static List<Long> numbers(List<JournalEntry> entries) {
    return entries.stream().map(JournalEntry::number).toList();
  }

  private void assertMissed(String lastId, long first, long last, @Nullable String reset) {
    MissedEntries missed = ring.after(lastId);
    assertThat(numbers(missed.entries()))
        .isEqualTo(LongStream.rangeClosed(first, last).boxed().toList());
    assertThat(missed.reset()).isEqualTo(reset);
  }

  @Test
  void numbersBeginAtOneAndHaveNoHoles() {
    assertThat(ring.last()).isZero();
    assertThat(ring.after(0)).isEmpty();
    add(3);
    assertThat(ring.last()).isEqualTo(3);
    assertThat(numbers(ring.after(0))).containsExactly(1L, 2L, 3L);
    assertThat(ring.after(0)).extracting(JournalEntry::streamId).containsExactly("s0", "s1", "s0");
    assertThat(ring.after(0))
        .extracting(entry -> entry.event().segment())
        .containsExactly(1L, 2L, 3L);
    assertThat(ring.id(3)).isEqualTo("e1-3");
  }

  @Test
  void theOldestMakeRoom() {
    add(12);
    assertThat(numbers(ring.after(0))).containsExactly(8L, 9L, 10L, 11L, 12L);
    assertThat(numbers(ring.after(10))).containsExactly(11L, 12L);
    assertThat(ring.after(12)).isEmpty();
    assertThat(ring.after(13)).isEmpty();
  }

  @Test
  void whoComesBackGetsWhatItMissed() {
    add(12);
    assertMissed("e1-12", 13, 12, null);
    assertMissed("e1-11", 12, 12, null);
    assertMissed("e1-7", 8, 12, null);
  }

  @Test
  void whatIsGoneIsSaid() {
    add(12);
    assertMissed("e1-6", 8, 12, "1 events are gone: the last 5 are kept");
    assertMissed("e1-0", 8, 12, "7 events are gone: the last 5 are kept");
  }

  @Test
  void beforeTheFirstEventNothingIsMissed() {
    assertMissed("e1-0", 1, 0, null);
  }

  @ParameterizedTest
  @CsvSource({"e2-9", "e1-13", "e1-999999999999999999"})
  void anotherWorkersIdIsSaid(String id) {
    add(12);
    assertMissed(id, 8, 12, "the last event was another worker's, or before a restart");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "e1",
        "e1-",
        "e1--1",
        "e1-1x",
        "-1",
        "e1-1000000000000000000",
        "E1-1",
        "e1-१",
        "e1-1 ",
        "e1-1\n",
        "\u0000",
        "💥"
      })
  void garbageIsSaid(String id) {
    add(12);
    assertMissed(id, 8, 12, "the id of the last event is not one of this worker's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a-b", "a\nb", "A"})
  void anEpochThatIdsCannotHoldIsRefused(String epoch) {
    assertThatThrownBy(() -> new JournalRing(epoch, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
