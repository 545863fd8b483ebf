package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialExecutorTest {

  private static void fail(boolean error) {
    if (error) {
      throw new OutOfMemoryError("planted");
    }
    throw new IllegalStateException("planted");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverATaskThrowsTheNextHasItsTurn(boolean error) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      SerialExecutor serial = new SerialExecutor(pool);
      CountDownLatch queued = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(2);
      serial.execute(
          () -> {
            awaitQuietly(queued);
            fail(error);
          });
      serial.execute(done::countDown);
      queued.countDown();
      serial.execute(done::countDown);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void onTheCallersThreadToo() {
    List<String> ran = new ArrayList<>();
    SerialExecutor serial =
        new SerialExecutor(
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    serial.execute(() -> fail(true));
    serial.execute(() -> ran.add("next"));
    assertThat(ran).containsExactly("next");
  }
}
