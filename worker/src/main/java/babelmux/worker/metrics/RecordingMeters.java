package babelmux.worker.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of a stream's recording; all stay at 0 without one. */
final class RecordingMeters {

  final Counter files;
  final Counter bytes;
  final Counter dropped;
  // Sessions of the stream whose recording is stopped.
  final AtomicInteger stopped = new AtomicInteger();

  RecordingMeters(MeterSet set) {
    files = set.counter("worker_recording_files_total", "Files of recordings that were begun.");
    bytes = set.counter("worker_recording_bytes_total", "Bytes of media written to recordings.");
    dropped =
        set.counter(
            "worker_recording_dropped_packets_total",
            "Packets of the output that are in no recording: the disk was too slow, or the"
                + " recording was stopped.");
    set.gauge(
        "worker_recording_stopped",
        "Whether a recording has stopped because its file could not be written: 0 or 1.",
        () -> Math.min(1, stopped.get()));
  }
}
