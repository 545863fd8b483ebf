package babelmux.app;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HangupTest {
  @Test
  void whateverTheWorkThrowsTheNextSignalIsServed() {
    AtomicInteger served = new AtomicInteger();
    Hangup hangup = new Hangup();
    hangup.then(
        () -> {
          if (served.incrementAndGet() % 2 == 0) {
            throw new IllegalStateException("of a test");
          }
          throw new NoClassDefFoundError("of a test");
        });
    for (int signals = 1; signals <= 3; signals++) {
      hangup.ask();
      int expected = signals;
      await().until(() -> served.get() == expected);
    }
  }
}
