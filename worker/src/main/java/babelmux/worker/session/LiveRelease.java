package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.worker.timeline.ReleaseClock;
import babelmux.worker.timeline.TimeBudget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a live stream's output leave at its time: packet of session time t at anchor + t + D. Runs
 * on its own thread.
 */
final class LiveRelease {
  private static final long TICK_NANOS = 200_000_000L;

  private static final long WRITE_QUANTUM_NANOS = TimeBudget.WRITE_QUANTUM_US * 1000;
  private static final long RENDER_QUANTUM_NANOS = TimeBudget.RENDER_QUANTUM_US * 1000;

  private final Playout playout;
  private final DelayLine line;
  private final CompletableFuture<@Nullable ReleaseClock> clock;
  private final Supplier<TimeBudget> budget;
  private final SessionListener listener;
  private volatile boolean ending;
  private volatile boolean aborted;

  /**
   * @param budget of the session's sound, as far as it is known
   */
  LiveRelease(
      Playout playout,
      DelayLine line,
      CompletableFuture<@Nullable ReleaseClock> clock,
      Supplier<TimeBudget> budget,
      SessionListener listener) {
    this.budget = budget;
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
      long mixAheadUs = budget.get().mixAheadUs();
      boolean over = ending && line.isDry();
      if (over || nowNanos - renderNanos >= 0) {
        playout.advance(dueUs + mixAheadUs);
        renderNanos = nowNanos + RENDER_QUANTUM_NANOS;
      }
      if (over) {
        playout.finish();
      }
      if (!live && playout.nextOutUs() <= dueUs) {
        live = true;
        listener.live();
      }
      playout.write(dueUs, nowNanos, dtsUs -> System.nanoTime() - release.dueNanos(dtsUs));
      if (playout.isDone()) {
        return true;
      }
      long render = later(renderNanos, dueNanos(release, line.nextDtsUs(), mixAheadUs));
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
