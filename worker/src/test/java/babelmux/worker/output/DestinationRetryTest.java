package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationRetryTest {
  private static final long MILLI = 1_000_000;

  private final DestinationRetry retry = new DestinationRetry(DestinationOptions.PATIENT);
  private long now = -7_000 * MILLI;

  /** Waits in milliseconds, each waited for. */
  private List<Long> fail(int times) {
    List<Long> waits = new ArrayList<>();
    for (int n = 0; n < times; n++) {
      retry.begin();
      waits.add(retry.failed(now, () -> 0) / MILLI);
      assertThat(retry.waitNanos(now)).isEqualTo(waits.get(n) * MILLI);
      now += waits.get(n) * MILLI;
      assertThat(retry.waitNanos(now)).isZero();
    }
    return waits;
  }

  @Test
  void theWaitsDoubleUpToHalfAMinute() {
    assertThat(fail(7)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void theStreamsOwnOutputNeverWaitsMoreThanTwoSeconds() {
    DestinationRetry eager = new DestinationRetry(DestinationOptions.EAGER);
    for (int n = 0; n < 20; n++) {
      eager.begin();
      assertThat(eager.failed(now, () -> 0.999) / MILLI).isBetween(900L, 2000L);
    }
  }

  @Test
  void aConnectionThatWasUpBeginsThemAnew() {
    fail(4);
    retry.begin();
    retry.up();
    assertThat(fail(2)).containsExactly(1000L, 2000L);
  }

  @Test
  void aServerThatAnswersIsTriedAtOnceAndTheWaitsBeginAnew() {
    fail(5);
    retry.begin();
    retry.failed(now, () -> 0);
    now += 3 * MILLI;
    assertThat(retry.waitNanos(now)).isPositive();
    retry.serverAnswers(now);
    assertThat(retry.waitNanos(now)).isZero();
    assertThat(fail(2)).containsExactly(1000L, 2000L);
  }

  @Test
  void aTryThatCameTooSoonIsMadeAgainOnce() {
    fail(3);
    retry.begin();
    retry.serverAnswers(now);
    assertThat(retry.failed(now, () -> 0)).isZero();
    assertThat(fail(2)).containsExactly(2000L, 4000L);
  }

  @Test
  void aWordToAConnectionThatIsUpIsNotKeptForItsLoss() {
    retry.begin();
    retry.up();
    retry.serverAnswers(now);
    assertThat(retry.failed(now, () -> 0)).isEqualTo(1000 * MILLI);
  }
}
