package babelmux.worker.metrics;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/**
 * The meters of one destination of one session. Safe for all threads; no method blocks. Whoever got
 * it from {@link StreamMeters#destination} ends it.
 */
public final class DestinationMeters {

  /**
   * What is read when it is scraped. Must not block.
   *
   * @param up 1 while bytes flow, else 0
   * @param queueSeconds media time that waits to be sent
   * @param uptimeSeconds how long its connection has stood
   */
  public record Reading(
      DoubleSupplier up, DoubleSupplier queueSeconds, DoubleSupplier uptimeSeconds) {
    /** No connection. */
    static final Reading NONE = new Reading(() -> 0, () -> 0, () -> 0);
  }

  private final DestinationSeries series;
  private final Reading reading;
  private final Runnable onRemove;
  private final AtomicBoolean ended = new AtomicBoolean();

  DestinationMeters(DestinationSeries series, Reading reading, Runnable onRemove) {
    this.series = series;
    this.reading = reading;
    this.onRemove = onRemove;
    series.opened(reading);
  }

  /** Payload bytes were written. */
  public void sent(int bytes) {
    series.sentBytes.increment(bytes);
  }

  /** It did not get packets. */
  public void dropped(long packets) {
    series.dropped.increment((double) packets);
  }

  /** A lost connection was made again. */
  public void reconnected() {
    series.reconnections.increment();
  }

  /** The session is over; the series stay as long as those of the stream. */
  public void close() {
    if (ended.compareAndSet(false, true)) {
      series.closed(reading);
    }
  }

  /** The stream is not sent there any more: its series go, where no other session uses them. */
  public void remove() {
    if (ended.compareAndSet(false, true)) {
      series.closed(reading);
      onRemove.run();
    }
  }
}
