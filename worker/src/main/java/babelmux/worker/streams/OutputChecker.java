package babelmux.worker.streams;

import babelmux.media.LogFields;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.OutputReader;
import babelmux.worker.readback.Reading;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Reads the outputs back, one at a time for the whole worker, so that nobody learns from a viewer
 * that nothing comes out. Has one thread of its own; disturbs no stream.
 */
public final class OutputChecker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutputChecker.class);
  private static final long TICK_MILLIS = 1000;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final StreamRegistry registry;
  private final OutputCheckSchedule schedule;
  private final OutputReader.Limits limits;
  private final long tickMillis;
  private final Thread thread;
  // The thread's own.
  private boolean tooMany;
  private volatile @Nullable OutputReader reader;
  private volatile boolean closed;

  /**
   * @param interval between two readings of an output; positive
   */
  public OutputChecker(StreamRegistry registry, Duration interval) {
    this(registry, interval, OutputReader.Limits.defaults(), TICK_MILLIS);
  }

  /**
   * @param tickMillis how often it looks what is due, and the pause before a bad reading is
   *     repeated
   */
  OutputChecker(
      StreamRegistry registry, Duration interval, OutputReader.Limits limits, long tickMillis) {
    this.registry = registry;
    this.schedule = new OutputCheckSchedule(interval);
    this.limits = limits;
    this.tickMillis = tickMillis;
    this.thread = new Thread(this::run, "output-check");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        step();
        Thread.sleep(tickMillis);
      }
    } catch (InterruptedException e) {
      log.debug("output checks ended");
    }
  }

  private void step() throws InterruptedException {
    try {
      if (!hasTooMany(registry.ids().size())) {
        CheckedOutput next = schedule.next(registry.checkedOutputs(), System.nanoTime());
        if (next != null) {
          MDC.put(LogFields.STREAM, next.streamId());
          check(next);
        }
      }
    } catch (RuntimeException | Error e) {
      log.error("reading an output back failed", e);
    } finally {
      MDC.remove(LogFields.STREAM);
    }
  }

  private boolean hasTooMany(int streams) {
    boolean now = streams > OutputCheckSchedule.MAX_STREAMS;
    if (now != tooMany) {
      tooMany = now;
      if (now) {
        registry.outputsUnchecked();
      }
      log.info(
          now
              ? "outputs are not read back while more than {} streams run"
              : "outputs are read back again: no more than {} streams run",
          OutputCheckSchedule.MAX_STREAMS);
    }
    return now;
  }

  private void check(CheckedOutput output) throws InterruptedException {
    OutputCheck before = output.last();
    OutputCheck last = before;
    try {
      Reading reading = read(output);
      if ((before == null || !before.isBad()) && reading != null && reading.check().isBad()) {
        log.debug("read again: {}", reading.text());
        // One connection may fail by chance, as while its server is being started.
        Thread.sleep(tickMillis);
        reading = isStill(output) ? read(output) : null;
      }
      // While a connection is lost and made again, viewers get nothing, and that is known.
      if (reading != null && isStill(output)) {
        output.checked(reading);
        // A server that refuses readers is asked seldom; our own trouble may be over soon.
        last = reading.ours() ? null : reading.check();
      }
    } finally {
      schedule.checked(output.streamId(), before, last, System.nanoTime());
    }
  }

  private boolean isStill(CheckedOutput output) {
    return registry.checkedOutputs().stream().anyMatch(output::isSameAs);
  }

  private @Nullable Reading read(CheckedOutput output) {
    OutputReader current = new OutputReader(output.url(), limits);
    reader = current;
    output.events().readingBegins(current::interrupt);
    try {
      if (closed) {
        current.interrupt();
      }
      return current.read(output::watchSent, output.hasVideo(), output.hasAudio());
    } finally {
      reader = null;
      output.events().readingEnds();
    }
  }

  /** Ends the reading that runs, and waits for that, at most 5 s. */
  @Override
  public void close() {
    closed = true;
    OutputReader current = reader;
    if (current != null) {
      current.interrupt();
    }
    thread.interrupt();
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
