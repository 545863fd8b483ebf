package babelmux.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * Metrics.
 *
 * @param linger how long a stream's series stay after its end
 */
public record MetricsConfig(Duration linger) {

  static final Setting<Duration> LINGER =
      Setting.of(
          "metrics.linger",
          Parsers.duration(Duration.ZERO, Duration.ofHours(24)),
          "15m",
          "How long a stream's metric series stay after its end, so that the last increments are"
              + " scraped; the same id within that time goes on counting.");

  static final List<Setting<?>> SETTINGS = List.of(LINGER);

  static MetricsConfig from(Values values) {
    return new MetricsConfig(values.get(LINGER));
  }
}
