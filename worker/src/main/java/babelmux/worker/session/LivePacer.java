package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.worker.timeline.ReleaseClock;
import babelmux.worker.timeline.TimeBudget;
import java.util.function.LongSupplier;

/**
 * Lets a live stream's output leave at its time: a packet of session time t at anchor + t + D. A
 * function of time: its caller calls it when it wants to be called. One thread, the output's.
 */
final class LivePacer {
  private static final long TICK_NANOS = 200_000_000L;
  private static final long QUANTUM_NANOS = TimeBudget.QUANTUM_US * 1000;

  private final Pipeline pipeline;
  private final LiveTiming timing;
  private final SessionListener listener;
  private final LongSupplier clock;
  private volatile boolean ending;
  private boolean rendering;
  private long renderNanos;
  private boolean live;
  private boolean done;

  /**
   * @param clock tells how late a packet is when it has been written; monotonic, nanoseconds
   */
  LivePacer(Pipeline pipeline, LiveTiming timing, SessionListener listener, LongSupplier clock) {
    this.pipeline = pipeline;
    this.timing = timing;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Mixes and writes what is due.
   *
   * @param nowNanos the clock
   * @return when it wants to be called again, on the same clock; {@link LiveTiming#output()} says
   *     when that is sooner
   */
  long step(long nowNanos) throws MediaException {
    boolean wasEnding = ending;
    ReleaseClock release = timing.clock();
    if (release == null) {
      done = wasEnding;
      return nowNanos + TICK_NANOS;
    }
    long dueUs = release.dueUs(nowNanos);
    long mixAheadUs = timing.budget(pipeline.shape()).mixAheadUs();
    boolean over = wasEnding && pipeline.isDry();
    if (over || !rendering || nowNanos - renderNanos >= 0) {
      pipeline.advance(dueUs + mixAheadUs);
      rendering = true;
      renderNanos = stepAtOrBehind(nowNanos + 1);
    }
    if (over) {
      pipeline.finish();
    }
    if (!live && pipeline.nextOutUs() <= dueUs) {
      live = true;
      listener.live();
    }
    pipeline.write(dueUs, nowNanos, dtsUs -> clock.getAsLong() - release.dueNanos(dtsUs));
    done = pipeline.isDone();
    long tick = nowNanos + TICK_NANOS;
    long render = dueNanos(release, pipeline.nextInUs(), mixAheadUs, tick);
    long write = dueNanos(release, pipeline.nextOutUs(), 0, tick);
    return stepAtOrBehind(later(nowNanos + 1, sooner(tick, sooner(render, write))));
  }

  private static long stepAtOrBehind(long nanos) {
    return -Math.floorDiv(-nanos, QUANTUM_NANOS) * QUANTUM_NANOS;
  }

  private static long later(long aNanos, long bNanos) {
    return aNanos - bNanos > 0 ? aNanos : bNanos;
  }

  private static long sooner(long aNanos, long bNanos) {
    return aNanos - bNanos < 0 ? aNanos : bNanos;
  }

  private static long dueNanos(
      ReleaseClock release, long sessionUs, long earlierUs, long otherwiseNanos) {
    return sessionUs == Long.MAX_VALUE ? otherwiseNanos : release.dueNanos(sessionUs - earlierUs);
  }

  /** Returns whether everything has left. */
  boolean isDone() {
    return done;
  }

  /** Reading is over: when everything has left, the output ends. Any thread. */
  void endWhenDry() {
    ending = true;
    timing.wakeOutput();
  }
}
