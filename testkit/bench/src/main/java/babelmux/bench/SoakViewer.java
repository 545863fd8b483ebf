package babelmux.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One viewer of a soak, on a thread of its own, which connects again when its connection ends. Its
 * counts may be read by any thread. Closing it ends it within seconds.
 */
abstract class SoakViewer implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final Thread thread;
  private final long againMillis;
  private final long gapNanos;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger gaps = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile @Nullable String lastEnd;
  private volatile boolean closed;
  private long sentNanos;

  /**
   * @param againMillis how long it waits before it connects again
   * @param gapNanos what a player's buffer lasts
   */
  SoakViewer(String name, long againMillis, long gapNanos) {
    this.againMillis = againMillis;
    this.gapNanos = gapNanos;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  final void begin() {
    thread.start();
  }

  /** Connects, and tells what it is sent; returns or throws when that is over. */
  abstract void watch() throws IOException, InterruptedException;

  /** Ends a call that blocks in {@link #watch()} and that no interrupt ends. */
  void hangUp() {}

  private void run() {
    try {
      while (!closed) {
        sentNanos = System.nanoTime();
        String why = "the server ended it";
        try {
          watch();
        } catch (IOException | RuntimeException e) {
          why = String.valueOf(e.getMessage());
        }
        if (!closed) {
          lastEnd = why;
          ends.incrementAndGet();
        }
        Thread.sleep(againMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  final boolean isClosed() {
    return closed;
  }

  /** So many bytes came. */
  final void count(int more) {
    bytes.addAndGet(more);
  }

  /** Something new to see came. */
  final void sawSomethingNew() {
    lookForGap();
    sentNanos = System.nanoTime();
  }

  /** Counts a gap when nothing new came for too long; a longer one is counted again. */
  final void lookForGap() {
    long now = System.nanoTime();
    if (now - sentNanos > gapNanos) {
      gaps.incrementAndGet();
      sentNanos = now;
    }
  }

  /** Bytes that it has been sent. */
  final long bytes() {
    return bytes.get();
  }

  /** Times that nothing new came for longer than a player's buffer lasts. */
  final int gaps() {
    return gaps.get();
  }

  /** Times that its connection ended or a request was refused. */
  final int ends() {
    return ends.get();
  }

  /** Why its connection ended the last time; null if it never did. */
  final @Nullable String lastEnd() {
    return lastEnd;
  }

  @Override
  public final void close() {
    closed = true;
    hangUp();
    thread.interrupt();
    try {
      TimeUnit.SECONDS.timedJoin(thread, CLOSE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
