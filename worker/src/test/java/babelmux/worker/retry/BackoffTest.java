package babelmux.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Backoff RECONNECT =
      new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(32), Duration.ofSeconds(60));

  @Test
  void theWaitsDoubleThenStayBetween32And60Seconds() {
    assertThat(IntStream.rangeClosed(1, 7).mapToObj(i -> RECONNECT.delay(i, () -> 0)))
        .extracting(Duration::toSeconds)
        .containsExactly(2L, 4L, 8L, 16L, 32L, 32L, 32L);
    assertThat(IntStream.rangeClosed(1, 7).mapToObj(i -> RECONNECT.delay(i, () -> 1)))
        .extracting(Duration::toMillis)
        .containsExactly(2_200L, 4_400L, 8_800L, 17_600L, 35_200L, 60_000L, 60_000L);
    assertThat(RECONNECT.attempts()).isEqualTo(5);
  }

  @Test
  void aBackoffMustGrow() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(60)))
        .withMessageContaining("PT2S, PT1S, PT1M");
  }

  @Test
  void withoutJitterTheLastOneIsKept() {
    Backoff backoff = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));
    assertThat(IntStream.rangeClosed(1, 8).mapToObj(backoff::delay))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
  }
}
