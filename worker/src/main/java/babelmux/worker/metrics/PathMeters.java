package babelmux.worker.metrics;

import babelmux.worker.readback.OutputCheck;
import babelmux.worker.session.DropReason;
import babelmux.worker.session.StreamWarning;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The media path: what came in, what left, how late, and what was lost on the way. */
final class PathMeters {

  final Map<TrackType, Counter> packetsIn;
  final Map<TrackType, Counter> packetsOut;
  final Counter bytesIn;
  final Counter bytesOut;
  final Map<DropReason, Counter> drops;
  final Timer lateness;
  final Counter sourceReconnections;
  final Counter heldBackSeconds;
  final Counter bypassSeconds;
  // Sessions of the stream that are on air, and those whose source is lost.
  final AtomicInteger live = new AtomicInteger();
  final AtomicInteger sourceLost = new AtomicInteger();
  // Sessions of the stream for which each of them holds.
  final Map<StreamWarning, AtomicInteger> warnings = new EnumMap<>(StreamWarning.class);
  final Map<OutputCheck, Counter> outputChecks;
  final AtomicLong avDeltaBits = new AtomicLong(Double.doubleToLongBits(0));

  PathMeters(MeterSet set) {
    packetsIn = packets(set, "worker_packets_received_total", "Packets read from the source.");
    packetsOut =
        packets(set, "worker_packets_sent_total", "Packets released to the output, at their time.");
    bytesIn = set.counter("worker_received_bytes_total", "Bytes of media read from the source.");
    bytesOut = set.counter("worker_sent_bytes_total", "Bytes of media released to the output.");
    drops =
        set.counters(
            "worker_packets_dropped_total",
            "Packets that were read or encoded and not sent, by reason.",
            "reason",
            DropReason.class,
            DropReason::tag);
    lateness =
        set.timer(
            "worker_release_lateness_seconds",
            "How long after its time a packet was released.",
            1,
            2,
            5,
            10,
            20,
            50,
            100,
            250,
            500,
            1000);
    sourceReconnections =
        set.counter(
            "worker_source_reconnections_total", "Times that a lost source was opened again.");
    set.gauge(
        "worker_stream_live",
        "Whether packets of the stream leave at their time: 0 or 1.",
        () -> Math.min(1, live.get()));
    set.gauge(
        "worker_source_lost",
        "Whether the source is gone, or was never there, and is waited for: 0 or 1.",
        () -> Math.min(1, sourceLost.get()));
    heldBackSeconds =
        set.counter(
            "worker_source_held_back_seconds_total",
            "Time for which nothing was read because the delay line was full.");
    bypassSeconds =
        set.counter(
            "worker_bypass_seconds_total",
            "Audio of the output in which an operator's bypass kept the dubs off air.");
    outputChecks =
        set.counters(
            "worker_output_checks_total",
            "Times that the output was read back as a viewer would, by result.",
            "result",
            OutputCheck.class,
            OutputCheck::tag);
    set.gauge(
        "worker_av_sync_delta_ms",
        "(audio out - in) - (video out - in) of the last packets released, in milliseconds.",
        () -> Double.longBitsToDouble(avDeltaBits.get()));
    for (StreamWarning kind : StreamWarning.values()) {
      AtomicInteger sessions = new AtomicInteger();
      warnings.put(kind, sessions);
      if (kind.isOfSource()) {
        set.gauge(
            "worker_source_warnings",
            "Whether a warning about the stream holds: 0 or 1.",
            Tags.of("kind", kind.tag()),
            () -> Math.min(1, sessions.get()));
      }
    }
  }

  private static Map<TrackType, Counter> packets(MeterSet set, String name, String help) {
    return set.counters(name, help, "type", TrackType.class, TrackType::label);
  }
}
