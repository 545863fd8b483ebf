package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BesideTest {
  @Test
  void isMadeWhileItsCallerGoesOnAndWaitedForAlsoWhenInterrupted() {
    CountDownLatch goesOn = new CountDownLatch(1);
    Beside<String> part = Beside.make("test", () -> awaited(goesOn));
    Thread.currentThread().interrupt();
    goesOn.countDown();
    assertThat(part.get()).isEqualTo("test");
    assertThat(Thread.interrupted()).as("told on").isTrue();
  }

  private static String awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Thread.currentThread().getName();
  }

  @Test
  void throwsWhatItsMakerThrew() {
    IllegalArgumentException wrong = new IllegalArgumentException("wrong");
    Beside<String> part =
        Beside.make(
            "test",
            () -> {
              throw wrong;
            });
    assertThatThrownBy(part::get).isSameAs(wrong);
  }
}
