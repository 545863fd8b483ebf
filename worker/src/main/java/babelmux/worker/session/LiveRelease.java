package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.worker.timeline.ReleaseClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a live stream's output leave at its time: packet of session time t at anchor + t + D. Runs
 * on its own thread.
 */
final class LiveRelease {
  /**
   * Sound is taken so much earlier than it leaves: the encoder holds three frames back, and holes
   * must be seen.
   */
  static final long LOOKAHEAD_US = 400_000;

  /** Within the lookahead, with room for the encoder (3 frames of 1024 at 16 kHz are 192 ms). */
  static final long HOLE_TOLERANCE_US = 200_000;

  private static final long TICK_NANOS = 200_000_000L;

  // Waking for every single packet costs more than sending it. Both are small against what they
  // must not eat into: half a frame of a 50 Hz picture, and the lookahead.
  private static final long WRITE_QUANTUM_NANOS = 10_000_000L;
  private static final long RENDER_QUANTUM_NANOS = 50_000_000L;

  private final Playout playout;
  private final DelayLine line;
  private final CompletableFuture<@Nullable ReleaseClock> clock;
  private final SessionListener listener;
  private volatile boolean ending;
  private volatile boolean aborted;

  LiveRelease(
      Playout playout,
      DelayLine line,
      CompletableFuture<@Nullable ReleaseClock> clock,
      SessionListener listener) {
    this.playout = playout;
    this.line = line;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Runs until everything has left, or {@link #abort()}.
   *
   * @return whether everything has left
   */
  boolean run() throws MediaException, InterruptedException {
    ReleaseClock release = awaitClock();
    if (release == null) {
      return !aborted;
    }
    boolean live = false;
    long renderNanos = System.nanoTime();
    while (!aborted) {
      long nowNanos = System.nanoTime();
      long dueUs = release.dueUs(nowNanos);
      boolean over = ending && line.isDry();
      if (over || nowNanos - renderNanos >= 0) {
        playout.advance(dueUs + LOOKAHEAD_US, nowNanos);
        renderNanos = nowNanos + RENDER_QUANTUM_NANOS;
      }
      if (over) {
        playout.finish(nowNanos);
      }
      if (!live && playout.nextOutUs() <= dueUs) {
        live = true;
        listener.live();
      }
      playout.write(dueUs, dtsUs -> System.nanoTime() - release.dueNanos(dtsUs));
      if (playout.isDone()) {
        return true;
      }
      long render = later(renderNanos, dueNanos(release, line.nextDtsUs(), LOOKAHEAD_US));
      long write = later(nowNanos + WRITE_QUANTUM_NANOS, dueNanos(release, playout.nextOutUs(), 0));
      long now = System.nanoTime();
      line.await(Math.min(TICK_NANOS, Math.min(render - now, write - now)));
    }
    return false;
  }

  private static long later(long aNanos, long bNanos) {
    return aNanos - bNanos > 0 ? aNanos : bNanos;
  }

  private static long dueNanos(ReleaseClock release, long sessionUs, long earlierUs) {
    return sessionUs == Long.MAX_VALUE
        ? System.nanoTime() + TICK_NANOS
        : release.dueNanos(sessionUs - earlierUs);
  }

  private @Nullable ReleaseClock awaitClock() throws InterruptedException {
    try {
      return clock.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reading is over: when the line is dry, the output ends. Any thread. */
  void endWhenDry() {
    ending = true;
    clock.complete(null);
    line.wake();
  }

  /** Ends at once. Any thread. */
  void abort() {
    aborted = true;
    endWhenDry();
  }
}
