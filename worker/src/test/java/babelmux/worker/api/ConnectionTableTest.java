package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time: 10 s for a header, 60 s between requests, 120 s for an answer. */
class ConnectionTableTest {

  private final ConnectionTable<String> table =
      new ConnectionTable<>(
          3, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(120));

  private static long at(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void whoSendsNoHeaderIsLate() {
    table.opened("a", at(0));
    table.opened("b", at(5));
    assertThat(table.late(at(9))).isEmpty();
    assertThat(table.late(at(10))).containsExactly("a");
    assertThat(table.late(at(10))).isEmpty();
    assertThat(table.late(at(15))).containsExactly("b");
    assertThat(table.size()).isZero();
  }

  @Test
  void betweenRequestsThereIsMoreTimeAndForAnAnswerTheMost() {
    table.opened("a", at(0));
    table.requested("a", at(1));
    assertThat(table.late(at(120))).isEmpty();
    table.answered("a", at(120));
    assertThat(table.late(at(179))).isEmpty();
    table.requested("a", at(179));
    assertThat(table.late(at(298))).isEmpty();
    assertThat(table.late(at(299))).containsExactly("a");
  }

  @Test
  void aNewConnectionTakesThePlaceOfOneThatIsAtNothing() {
    table.opened("slow", at(0));
    table.opened("kept", at(0));
    table.requested("kept", at(0));
    table.answered("kept", at(1));
    table.opened("working", at(0));
    table.requested("working", at(0));
    assertThat(table.opened("x", at(1))).contains("slow");
    assertThat(table.opened("y", at(1))).contains("kept");
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void whileAllAreAtWorkANewOneIsClosed() {
    for (String name : new String[] {"a", "b", "c"}) {
      table.opened(name, at(0));
      table.requested(name, at(0));
    }
    assertThat(table.opened("d", at(1))).contains("d");
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.opened("e", at(12))).as("a reader that takes forever").contains("a");
  }

  @Test
  void anAnswerOfEventsIsNeverLateAndMakesRoomForNobody() {
    for (String name : new String[] {"a", "b", "c"}) {
      table.opened(name, at(0));
      table.requested(name, at(0));
      table.sendsEvents(name, at(0));
    }
    assertThat(table.late(at(100_000))).isEmpty();
    assertThat(table.opened("d", at(100_000))).contains("d");
    table.answered("a", at(100_000));
    assertThat(table.opened("e", at(100_000))).contains("a");
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void thoseThatCameThisMomentAreNotThrownOut() {
    for (int i = 0; i < 3; i++) {
      table.opened("now" + i, at(0));
    }
    assertThat(table.opened("more", at(0))).contains("more");
  }

  @Test
  void aClosedConnectionIsForgotten() {
    table.opened("a", at(0));
    table.forget("a");
    table.requested("a", at(1));
    table.answered("a", at(2));
    assertThat(table.size()).isZero();
  }
}
