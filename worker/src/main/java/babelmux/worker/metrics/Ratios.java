package babelmux.worker.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Histograms of values around 1. Micrometer's own round up to whole numbers before they sort, so
 * these are the ones of the client below it. Safe for all threads.
 */
final class Ratios {

  private final PrometheusRegistry registry;
  private final Map<String, Histogram> histograms = new ConcurrentHashMap<>();

  Ratios(PrometheusRegistry registry) {
    this.registry = registry;
  }

  DistributionDataPoint series(String name, String help, Tags labels, double... buckets) {
    return histograms
        .computeIfAbsent(
            name,
            key ->
                Histogram.builder()
                    .name(key)
                    .help(help)
                    .labelNames(labels.stream().map(Tag::getKey).toArray(String[]::new))
                    .classicOnly()
                    .withoutExemplars()
                    .classicUpperBounds(buckets.clone())
                    .register(registry))
        .labelValues(values(labels));
  }

  /** Takes the series with these labels away. */
  void remove(Tags labels) {
    if (labels.stream().findAny().isPresent()) {
      histograms.values().forEach(histogram -> histogram.remove(values(labels)));
    }
  }

  private static String[] values(Tags labels) {
    return labels.stream().map(Tag::getValue).toArray(String[]::new);
  }
}
