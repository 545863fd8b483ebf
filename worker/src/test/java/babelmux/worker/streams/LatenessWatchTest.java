package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenessWatchTest {
  private static final long LATE = LatenessWatch.LATE_NANOS + 1;
  private long nowNanos = -1_000_000_000_000L;
  private final LatenessWatch watch = new LatenessWatch(() -> nowNanos);

  /** A window of 1000 packets, so many of them late. */
  private void window(int late) {
    for (int i = 0; i < 1000; i++) {
      watch.released(i < late ? LATE : LatenessWatch.LATE_NANOS);
    }
    nowNanos += LatenessWatch.WINDOW_NANOS;
  }

  private void windows(int count, int late) {
    for (int i = 0; i < count; i++) {
      window(late);
    }
  }

  @Test
  void halfAMinuteOfLatePacketsIsALack() {
    windows(LatenessWatch.WINDOWS - 1, 11);
    assertThat(watch.isLate()).isFalse();
    window(11);
    assertThat(watch.isLate()).isTrue();
    windows(20, 11);
    assertThat(watch.isLate()).isTrue();
  }

  @Test
  void onePercentIsNone() {
    windows(20, 10);
    assertThat(watch.isLate()).isFalse();
  }

  @Test
  void oneGoodWindowEndsIt() {
    windows(10, 1000);
    window(0);
    assertThat(watch.isLate()).isFalse();
    windows(LatenessWatch.WINDOWS - 1, 1000);
    assertThat(watch.isLate()).isFalse();
    window(1000);
    assertThat(watch.isLate()).isTrue();
  }

  @Test
  void aStallOfSomeSecondsIsNone() {
    windows(6, 0);
    windows(2, 1000);
    assertThat(watch.isLate()).isFalse();
  }

  @Test
  void whatIsLateNowIsForgottenWhenNothingLeavesAnyMore() {
    windows(6, 1000);
    assertThat(watch.isLate()).isTrue();
    nowNanos += LatenessWatch.WINDOW_NANOS;
    assertThat(watch.isLate()).isFalse();
    nowNanos += 100 * LatenessWatch.WINDOW_NANOS;
    windows(LatenessWatch.WINDOWS - 1, 1000);
    assertThat(watch.isLate()).isFalse();
  }
}
