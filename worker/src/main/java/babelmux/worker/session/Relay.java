package babelmux.worker.session;

import babelmux.media.TrackInfo;
import babelmux.worker.output.OutputBranch;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one source to several places as it is: no dubbing, no coding, no delay. The source is read
 * and tried again as that of a {@link Session}, and each destination is isolated as there. It ends
 * when the source is gone for good, and closes all that it was given.
 */
public final class Relay implements Runnable {
  // Shorter than anybody watches for, longer than a few packets.
  private static final long GATHER_NANOS = 80_000_000;

  private final RelayOptions options;
  private final LongSupplier clock = System::nanoTime;
  private final DestinationGroup outputs;
  private final RelayPace pace;
  private final RelayLine line;
  private final SourceReader reader;
  private final SessionListener listener;
  private final Runnable ending;

  /**
   * @param outputs destinations; the relay's from now on
   * @param listener is told of the source, and of packets that are sent
   * @param ending run when nothing more is read, before the destinations end
   */
  public Relay(
      SourceLocator source,
      RelayOptions options,
      List<? extends OutputBranch> outputs,
      SessionListener listener,
      Runnable ending) {
    this.options = options;
    this.listener = listener;
    this.ending = ending;
    this.outputs = new DestinationGroup(outputs, clock);
    SessionOptions session = options.session();
    LiveTiming timing = new LiveTiming(session, clock, listener);
    this.pace = new RelayPace(options.file(), clock);
    this.line =
        new RelayLine(
            options,
            options.file() ? new FileClock(timing) : timing,
            new TrackOrder(options.maxApart().toNanos() / 1000),
            pace,
            this.outputs,
            listener);
    this.reader =
        new SourceReader(
            source,
            session,
            line,
            timing,
            listener,
            new ReadGather(options.file() ? 0 : GATHER_NANOS),
            clock);
  }

  /** The times of a file are the clock. */
  private static final class FileClock implements SourceClock {
    private final SourceClock timing;
    private boolean begun;
    private long firstUs;

    FileClock(SourceClock timing) {
      this.timing = timing;
    }

    @Override
    public long elapsedUs(long sourceDtsUs, long nowNanos) {
      if (!begun) {
        begun = true;
        firstUs = sourceDtsUs;
      }
      return sourceDtsUs - firstUs;
    }

    @Override
    public void placed(TimedPacket packet, boolean newRun, long nowNanos) {
      timing.placed(packet, newRun, nowNanos);
    }
  }

  /** Runs to the end of the source. Once; on a thread of the caller's, which reads and sends. */
  @Override
  public void run() {
    Throwable thrown =
        Steps.runAll(reader, this::finish, outputs::close, line::close, () -> listener.ended(null));
    Steps.rethrow(thrown);
  }

  private void finish() {
    try {
      line.finish();
      ending.run();
      outputs.beginFinish();
      outputs.awaitFinish(clock.getAsLong() + options.finishLimit().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads no more; what was read is sent, then {@link #run} returns. Any thread; does not block.
   */
  public void end() {
    pace.end();
    reader.end();
  }

  /** The source's video; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo video() {
    return line.video();
  }

  /** The source's audio; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo audio() {
    return line.audio();
  }

  /** Returns whether no packet was ever read. For after the end. */
  public boolean isUnused() {
    return line.isUnused();
  }
}
