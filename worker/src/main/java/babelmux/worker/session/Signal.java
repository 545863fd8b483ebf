package babelmux.worker.session;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Ends another thread's wait: the one that runs now, or else the next one. One thread waits. */
final class Signal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean set;

  /** Any thread; does not block. */
  void set() {
    lock.lock();
    try {
      set = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for {@link #set()}, at most {@code nanos}. */
  void await(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!set && left > 0) {
        left = changed.awaitNanos(left);
      }
      set = false;
    } finally {
      lock.unlock();
    }
  }
}
