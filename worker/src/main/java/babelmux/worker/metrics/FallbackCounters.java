package babelmux.worker.metrics;

import babelmux.worker.sts.FallbackReason;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The slots that fell back to original audio. Micrometer's counters name nothing that they count:
 * these are collected by the client below it. Safe for all threads.
 */
final class FallbackCounters implements Collector {

  private final InstantSource clock;
  private final Map<String, Map<FallbackReason, FallbackCounter>> streams =
      new ConcurrentHashMap<>();

  /**
   * @param clock wall clock
   */
  FallbackCounters(InstantSource clock) {
    this.clock = clock;
  }

  /** The series of a stream, all there from the start. */
  Map<FallbackReason, FallbackCounter> open(String streamId) {
    return streams.computeIfAbsent(streamId, this::series);
  }

  private Map<FallbackReason, FallbackCounter> series(String streamId) {
    Map<FallbackReason, FallbackCounter> series = new EnumMap<>(FallbackReason.class);
    for (FallbackReason reason : FallbackReason.values()) {
      series.put(
          reason,
          new FallbackCounter(Labels.of("reason", reason.tag(), "stream_id", streamId), clock));
    }
    return series;
  }

  /** Takes the series of a stream away. */
  void remove(String streamId) {
    streams.remove(streamId);
  }

  @Override
  public CounterSnapshot collect() {
    CounterSnapshot.Builder all =
        CounterSnapshot.builder()
            .name("worker_fallback")
            .help("Slots that fell back to original audio, by reason.");
    streams
        .values()
        .forEach(series -> series.values().forEach(each -> all.dataPoint(each.snapshot())));
    return all.build();
  }
}
