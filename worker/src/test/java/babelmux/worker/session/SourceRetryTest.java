package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceRetryTest {
  private static final long START = -5_000_000_000L;
  private static final long MILLI = 1_000_000;

  private long now = START;

  /** Milliseconds from now at which each further try begins, until it is given up. */
  private List<Long> tries(SourceRetry retry, boolean readFirst) {
    List<Long> tries = new ArrayList<>();
    long since = now;
    boolean read = readFirst;
    while (true) {
      retry.lost(read, now);
      read = false;
      now += Math.max(0, retry.waitNanos(now));
      if (!retry.next()) {
        return tries;
      }
      tries.add((now - since) / MILLI);
    }
  }

  @Test
  void aLostSourceIsTriedAtDoublingTimesWithinItsGrace() {
    SourceRetry retry = new SourceRetry(Duration.ofSeconds(30), SessionOptions.HOOK_LIMIT, now);
    assertThat(tries(retry, true)).containsExactly(1000L, 3000L, 7000L, 15_000L, 23_000L, 30_000L);
    assertThat(retry.available()).as("reading is over").isFalse();
  }

  @Test
  void aSourceThatWasNeverThereHasFiveSecondsWhateverTheGraceIs() {
    assertThat(
            tries(new SourceRetry(Duration.ofMinutes(10), SessionOptions.HOOK_LIMIT, now), false))
        .containsExactly(1000L, 3000L, 5000L);
    now = START;
    assertThat(
            tries(new SourceRetry(Duration.ofMillis(1500), SessionOptions.HOOK_LIMIT, now), false))
        .containsExactly(1000L, 1500L);
  }

  @Test
  void aSourceThatIsWaitedForWithoutEndIsTriedAtMostThirtySecondsApart() {
    SourceRetry retry = new SourceRetry(Duration.ofSeconds(20), SessionOptions.FOREVER, now);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      retry.lost(false, now);
      long nanos = retry.waitNanos(now);
      waits.add(nanos / MILLI);
      now += nanos;
      assertThat(retry.next()).isTrue();
    }
    assertThat(waits.subList(0, 7))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
    assertThat(waits.subList(7, 1000)).containsOnly(30_000L);
    // Once it was read, it has its grace as every other one.
    assertThat(tries(retry, true)).containsExactly(1000L, 3000L, 7000L, 15_000L, 20_000L);
  }

  @Test
  void withoutGraceNothingIsTriedAgain() {
    assertThat(tries(new SourceRetry(Duration.ZERO, SessionOptions.HOOK_LIMIT, now), true))
        .isEmpty();
  }

  @Test
  void aSourceThatIsSaidToBeThereIsTriedAtOnce() {
    SourceRetry retry = new SourceRetry(Duration.ofSeconds(30), SessionOptions.HOOK_LIMIT, now);
    retry.lost(true, now);
    assertThat(retry.waitNanos(now)).isEqualTo(1000 * MILLI);
    assertThat(retry.available()).isTrue();
    assertThat(retry.waitNanos(now)).isZero();
    assertThat(retry.next()).isTrue();
    retry.lost(false, now);
    assertThat(retry.waitNanos(now)).as("the word is used up").isEqualTo(2000 * MILLI);
  }

  @Test
  void aWordDuringTheLastTryOfTheGraceIsHeeded() {
    SourceRetry retry = new SourceRetry(Duration.ZERO, SessionOptions.HOOK_LIMIT, now);
    assertThat(retry.available()).isTrue();
    retry.lost(true, now);
    assertThat(retry.next()).isTrue();
    retry.lost(false, now);
    assertThat(retry.next()).isFalse();
  }

  @Test
  void aConnectionThatReadBeginsTheGraceAnew() {
    SourceRetry retry = new SourceRetry(Duration.ofSeconds(4), SessionOptions.HOOK_LIMIT, now);
    retry.lost(true, now);
    now += 3000 * MILLI;
    assertThat(retry.next()).isTrue();
    now += 60_000 * MILLI;
    assertThat(tries(retry, true)).containsExactly(1000L, 3000L, 4000L);
  }

  @Test
  void nothingIsTriedAfterTheEnd() {
    SourceRetry retry = new SourceRetry(Duration.ofSeconds(30), SessionOptions.HOOK_LIMIT, now);
    retry.lost(true, now);
    retry.end();
    assertThat(retry.waitNanos(now)).isZero();
    assertThat(retry.next()).isFalse();
    assertThat(retry.available()).isFalse();
  }
}
