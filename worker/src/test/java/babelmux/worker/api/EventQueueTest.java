package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {

  private static final int ALL = 1 << 20;

  private final EventQueue queue = new EventQueue(null);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JournalText journal(long number, String id) {
    return new JournalText(number, id, bytes("j" + number + " "));
  }

  private static String take(EventQueue queue, int enough) {
    return new String(queue.take(enough), StandardCharsets.UTF_8);
  }

  @Test
  void whatCannotBeReplacedComesFirst() {
    queue.stream("a", bytes("a1 "));
    queue.worker(bytes("w1 "));
    queue.gone("b", bytes("-b "));
    assertThat(queue.journal(journal(4, "a"))).isTrue();
    queue.missed(List.of(journal(2, "a"), journal(3, "b")));
    queue.first(bytes("retry "));
    queue.first(bytes("reset "));
    queue.keep();
    assertThat(take(queue, ALL)).isEqualTo("retry reset j2 j3 j4 -b w1 a1 : keep\n\n");
    assertThat(queue.take(ALL)).isEmpty();
  }

  @Test
  void aStateReplacesTheOneThatWaits() {
    queue.stream("a", bytes("a1 "));
    queue.stream("b", bytes("b1 "));
    queue.stream("a", bytes("a2 "));
    queue.worker(bytes("w1 "));
    queue.worker(bytes("w2 "));
    assertThat(take(queue, ALL)).isEqualTo("w2 a2 b1 ");
  }

  /** One that is a little too slow for all of them gets each of them now and then. */
  @Test
  void noStreamKeepsAnotherBack() {
    StringBuilder sent = new StringBuilder();
    for (int round = 1; round <= 4; round++) {
      for (String id : List.of("a", "b", "c")) {
        queue.stream(id, bytes(id + round + " "));
      }
      sent.append(take(queue, 4));
    }
    assertThat(sent).hasToString("a1 b1 c2 a2 b3 a3 c4 a4 ");
  }

  @Test
  void aStreamThatIsGoneIsNotShownAfterwards() {
    queue.stream("a", bytes("a1 "));
    queue.gone("a", bytes("-a "));
    assertThat(take(queue, ALL)).isEqualTo("-a ");
    queue.gone("a", bytes("-a "));
    queue.stream("a", bytes("a2 "));
    assertThat(take(queue, ALL)).isEqualTo("a2 ");
  }

  @Test
  void eventsAreTakenWhole() {
    queue.missed(List.of(journal(1, "a"), journal(2, "a"), journal(3, "a")));
    queue.stream("a", bytes("a1 "));
    assertThat(take(queue, 4)).isEqualTo("j1 j2 ");
    assertThat(take(queue, 1)).isEqualTo("j3 ");
    assertThat(take(queue, 1)).isEqualTo("a1 ");
    assertThat(take(queue, 1)).isEmpty();
  }

  @Test
  void ofOneStreamThereIsNothingOfOthers() {
    EventQueue one = new EventQueue("a");
    one.missed(List.of(journal(1, "a"), journal(2, "b")));
    assertThat(one.journal(journal(3, "b"))).isTrue();
    assertThat(one.journal(journal(4, "a"))).isTrue();
    one.stream("a", bytes("a1 "));
    one.stream("b", bytes("b1 "));
    one.gone("b", bytes("-b "));
    one.worker(bytes("w1 "));
    assertThat(take(one, ALL)).isEqualTo("j1 j4 w1 a1 ");
  }

  @Test
  void journalEventsThatWaitAreBounded() {
    JournalText big = new JournalText(1, "a", new byte[EventQueue.MAX_JOURNAL_BYTES / 2]);
    assertThat(queue.journal(big)).isTrue();
    assertThat(queue.journal(big)).isTrue();
    assertThat(queue.journal(journal(2, "a"))).isFalse();
    assertThat(queue.take(1)).hasSize(big.text().length);
    assertThat(queue.journal(journal(3, "a"))).as("what was taken waits no longer").isTrue();
  }

  /** Who comes back after a while is not too slow for that. */
  @Test
  void whatWasMissedDoesNotCount() {
    JournalText big = new JournalText(1, "a", new byte[EventQueue.MAX_JOURNAL_BYTES]);
    queue.missed(List.of(big, big));
    assertThat(queue.journal(journal(2, "a"))).isTrue();
  }
}
