package babelmux.worker.state;

import java.util.concurrent.CountDownLatch;

/** A disk that does not answer: whoever reads or writes a directory waits until it does. */
public final class HungDisk implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);

  private HungDisk() {}

  /** Hangs from now on. */
  public static HungDisk of(StateDirectory directory) throws InterruptedException {
    HungDisk disk = new HungDisk();
    CountDownLatch hangs = new CountDownLatch(1);
    Thread thread = new Thread(() -> disk.hold(directory, hangs), "hung-disk");
    thread.setDaemon(true);
    thread.start();
    hangs.await();
    return disk;
  }

  private void hold(StateDirectory directory, CountDownLatch hangs) {
    // Every use of the directory takes its monitor.
    synchronized (directory) {
      hangs.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** It answers from now on. */
  public void answer() {
    closed.countDown();
  }

  @Override
  public void close() {
    answer();
  }
}
