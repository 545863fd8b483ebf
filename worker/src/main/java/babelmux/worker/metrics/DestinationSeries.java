package babelmux.worker.metrics;

import babelmux.worker.metrics.DestinationMeters.Reading;
import io.micrometer.core.instrument.Counter;

/** The series of one destination of a stream id: shared by the sessions that follow each other. */
final class DestinationSeries {

  final Counter sentBytes;
  final Counter dropped;
  final Counter reconnections;
  private final MeterSet set;
  // Guarded by this.
  private int users;
  private volatile Reading reading = Reading.NONE;

  DestinationSeries(MeterSet set) {
    this.set = set;
    sentBytes =
        set.counter("worker_destination_sent_bytes_total", "Bytes of media sent to a destination.");
    dropped =
        set.counter(
            "worker_destination_dropped_packets_total",
            "Packets that a destination did not get: its queue was full, or there was no"
                + " connection.");
    reconnections =
        set.counter(
            "worker_destination_reconnections_total",
            "Times that a lost connection to a destination was made again.");
    set.gauge(
        "worker_destination_up",
        "Whether bytes flow to a destination: 0 or 1.",
        () -> reading.up().getAsDouble());
    set.gauge(
        "worker_destination_queue_seconds",
        "Media time that waits to be sent to a destination.",
        () -> reading.queueSeconds().getAsDouble());
    set.gauge(
        "worker_destination_uptime_seconds",
        "How long the connection to a destination has stood; 0 without one.",
        () -> reading.uptimeSeconds().getAsDouble());
  }

  synchronized void opened(Reading now) {
    users++;
    reading = now;
  }

  synchronized void closed(Reading before) {
    users--;
    // The next session's stays.
    if (reading.equals(before)) {
      reading = Reading.NONE;
    }
  }

  synchronized boolean isUsed() {
    return users > 0;
  }

  void remove() {
    set.remove();
  }
}
