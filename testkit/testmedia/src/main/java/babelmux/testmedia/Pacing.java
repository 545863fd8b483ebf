package babelmux.testmedia;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Real time for one transfer: the first packet that asks sets the clock. Any thread may stop it.
 */
final class Pacing {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long baseNanos;
  private boolean begun;

  /**
   * Waits until a time of the media has come.
   *
   * @return false when it was stopped
   */
  boolean awaitTurn(long mediaUs) {
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      baseNanos = now - mediaUs * 1000;
    }
    try {
      return !stopped.await(baseNanos + mediaUs * 1000 - now, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends every wait. Any thread. */
  void stop() {
    stopped.countDown();
  }

  boolean isStopped() {
    return stopped.getCount() == 0;
  }
}
