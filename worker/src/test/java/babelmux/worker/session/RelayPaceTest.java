package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayPaceTest {
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void theFirstPacketIsDueAtOnceAndTheNextOnTheClock() throws Exception {
    RelayPace pace = new RelayPace(true, nanos::get);
    pace.await(7_000_000);
    nanos.set(40_000_000);
    pace.await(7_040_000);
    CompletableFuture<Void> early = waiting(pace, 7_041_000);
    assertThat(early).isNotDone();
    nanos.set(41_000_000);
    early.get(20, TimeUnit.SECONDS);
  }

  @Test
  void theEndLetsEverythingGo() throws Exception {
    // The first packet looks twice, the one that waits once more.
    CountDownLatch looks = new CountDownLatch(3);
    RelayPace pace =
        new RelayPace(
            true,
            () -> {
              looks.countDown();
              return nanos.get();
            });
    pace.await(0);
    CompletableFuture<Void> waiting = waiting(pace, 3_600_000_000L);
    assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
    pace.end();
    waiting.get(20, TimeUnit.SECONDS);
    pace.await(7_200_000_000L);
  }

  @Test
  void aLiveSourceIsNotHeldBack() throws Exception {
    RelayPace pace = new RelayPace(false, nanos::get);
    pace.await(0);
    pace.await(3_600_000_000L);
  }

  private static CompletableFuture<Void> waiting(RelayPace pace, long us) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            pace.await(us);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
