package babelmux.worker.metrics;

import java.util.Map;

/**
 * The worker's health at one moment.
 *
 * @param ready whether new streams are accepted
 * @param degraded how many things are wrong, by component; those that are well may be left out
 */
public record HealthReading(boolean ready, Map<String, Integer> degraded) {
  public HealthReading {
    degraded = Map.copyOf(degraded);
  }
}
