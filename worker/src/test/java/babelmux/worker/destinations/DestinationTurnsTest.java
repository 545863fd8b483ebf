package babelmux.worker.destinations;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.output.Turn;
import org.junit.jupiter.api.Test;

class DestinationTurnsTest {
  private static final String URL = "rtmp://h/a/key";

  private final DestinationTurns turns = new DestinationTurns();

  @Test
  void oneStreamAtATimeInTheOrderInWhichTheyCame() {
    Turn first = turns.queue(URL, "a");
    Turn second = turns.queue(URL, "b");
    Turn third = turns.queue(URL, "c");
    assertThat(first.granted()).isDone();
    assertThat(first.holder()).isNull();
    assertThat(second.granted()).isNotDone();
    assertThat(second.holder()).isEqualTo("a");
    assertThat(third.holder()).isEqualTo("a");
    first.close();
    assertThat(second.granted()).isDone();
    assertThat(second.holder()).isNull();
    assertThat(third.granted()).isNotDone();
    assertThat(third.holder()).isEqualTo("b");
    second.close();
    assertThat(third.granted()).isDone();
  }

  @Test
  void whoLeavesTheQueueKeepsNobodyOut() {
    Turn first = turns.queue(URL, "a");
    Turn second = turns.queue(URL, "b");
    Turn third = turns.queue(URL, "c");
    second.close();
    second.close();
    assertThat(third.granted()).isNotDone();
    first.close();
    first.close();
    assertThat(third.granted()).isDone();
    third.close();
    assertThat(turns.queue(URL, "d").granted()).isDone();
  }

  @Test
  void otherUrlsDoNotWait() {
    turns.queue(URL, "a");
    assertThat(turns.queue(URL + "2", "b").granted()).isDone();
  }
}
