package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogThrottleTest {

  @Test
  void oneASecondAndTheNumberOfThoseBetween() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may wrap
    LogThrottle throttle = new LogThrottle(now::get);
    assertThat(throttle.permit()).hasValue("");
    assertThat(throttle.permit()).isEmpty();
    now.addAndGet(999_999_999);
    assertThat(throttle.permit()).isEmpty();
    now.addAndGet(1);
    assertThat(throttle.permit()).hasValue(" (and 2 more before it)");
    now.addAndGet(5_000_000_000L);
    assertThat(throttle.permit()).hasValue("");
  }
}
