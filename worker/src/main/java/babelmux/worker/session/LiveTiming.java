package babelmux.worker.session;

import babelmux.worker.timeline.ReleaseClock;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.TimeBudget;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of a live stream: when a packet arrived decides when it leaves, D later. Any thread,
 * where nothing else is said.
 */
final class LiveTiming implements PipelineDriver {
  private static final int USUAL_RATE = 48_000;

  private final long delayNanos;
  private final long segmentUs;
  private final LongSupplier nanoClock;
  private final SessionListener listener;
  private final Signal output = new Signal();
  private final Signal room = new Signal();
  private volatile @Nullable ReleaseClock clock;
  private long placedUs;

  /**
   * @param nanoClock monotonic, nanoseconds
   */
  LiveTiming(SessionOptions options, LongSupplier nanoClock, SessionListener listener) {
    this.delayNanos = options.delay().toNanos();
    this.segmentUs = options.segment().toNanos() / 1000;
    this.nanoClock = nanoClock;
    this.listener = listener;
  }

  /** The clock by which packets leave; null before the first packet. */
  @Nullable ReleaseClock clock() {
    return clock;
  }

  /** The parts of the delay, as far as the audio is known. */
  TimeBudget budget(@Nullable SoundShape shape) {
    return budget(shape == null ? USUAL_RATE : shape.rate().hz());
  }

  private TimeBudget budget(int hz) {
    return TimeBudget.live(delayNanos / 1000, segmentUs, hz);
  }

  /** DTS of the last packet that was placed, session microseconds. Reader's thread. */
  long placedUs() {
    return placedUs;
  }

  /** Ends the wait of the output thread. */
  Signal output() {
    return output;
  }

  /** Ends the wait of the reader's thread for room. */
  Signal room() {
    return room;
  }

  @Override
  public long elapsedUs(long sourceDtsUs, long nowNanos) {
    ReleaseClock current = clock;
    return current == null ? 0 : current.elapsedUs(nowNanos);
  }

  @Override
  public void placed(TimedPacket packet, boolean newRun, long nowNanos) {
    ReleaseClock current = clock;
    if (current == null) {
      current = new ReleaseClock(nowNanos, delayNanos);
      clock = current;
      listener.buffering();
    } else if (newRun) {
      current.restart(nowNanos);
    }
    placedUs = packet.dtsUs();
    current.arrived(placedUs, nowNanos);
  }

  /** An answer must be here when its slot begins, less what it takes to put it there. */
  @Override
  public long answerDueNanos(long startUs, SampleRate rate) {
    ReleaseClock current = clock;
    long dueNanos = current == null ? nanoClock.getAsLong() : current.dueNanos(startUs);
    return dueNanos - budget(rate.hz()).answerMarginUs() * 1000;
  }

  @Override
  public void wakeOutput() {
    output.set();
  }

  @Override
  public void wakeReader() {
    room.set();
  }
}
