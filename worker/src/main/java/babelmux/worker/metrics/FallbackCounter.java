package babelmux.worker.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts the slots of one stream that fell back for one reason, and names the last of their
 * segments. Safe for all threads.
 */
final class FallbackCounter {

  private final Labels labels;
  private final InstantSource clock;
  private long count;
  private @Nullable Exemplar last;

  FallbackCounter(Labels labels, InstantSource clock) {
    this.labels = labels;
    this.clock = clock;
  }

  /**
   * Counts one.
   *
   * @param fragmentId the segment's name; null when it is not known any more
   */
  synchronized void increment(@Nullable String fragmentId) {
    count++;
    if (fragmentId != null) {
      last =
          Exemplar.builder()
              .value(1)
              .labels(Labels.of("fragment_id", fragmentId))
              .timestampMillis(clock.millis())
              .build();
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized CounterDataPointSnapshot snapshot() {
    return CounterDataPointSnapshot.builder()
        .labels(labels)
        .value((double) count)
        .exemplar(last)
        .build();
  }
}
