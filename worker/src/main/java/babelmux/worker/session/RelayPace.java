package babelmux.worker.session;

import java.util.function.LongSupplier;

/**
 * Holds packets back until their time has come on the clock: a file is read faster than it plays.
 * One thread waits, any may end it.
 */
final class RelayPace {
  private final LongSupplier clock;
  private final Signal ended = new Signal();
  private final boolean paced;
  private volatile boolean over;
  private boolean begun;
  private long beginUs;
  private long beginNanos;

  /**
   * @param paced whether packets are held back; else they are live
   * @param clock monotonic, nanoseconds
   */
  RelayPace(boolean paced, LongSupplier clock) {
    this.paced = paced;
    this.clock = clock;
  }

  /** Waits until a packet of this session time is due, counted from the first one. */
  void await(long dtsUs) throws InterruptedException {
    if (!paced || over) {
      return;
    }
    if (!begun) {
      begun = true;
      beginUs = dtsUs;
      beginNanos = clock.getAsLong();
    }
    long dueNanos = beginNanos + (dtsUs - beginUs) * 1000;
    for (long left = dueNanos - clock.getAsLong();
        !over && left > 0;
        left = dueNanos - clock.getAsLong()) {
      ended.await(left);
    }
  }

  /** Nothing is held back any more. Any thread; does not block. */
  void end() {
    over = true;
    ended.set();
  }
}
