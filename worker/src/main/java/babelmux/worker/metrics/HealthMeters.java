package babelmux.worker.metrics;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What {@code GET /health/ready} says, as it is when it is scraped. Safe for all threads. */
final class HealthMeters {

  private final Supplier<HealthReading> health;
  // Those that were ever named: they go back to 0, not away.
  private final Set<String> components = ConcurrentHashMap.newKeySet();
  private final Gauge ready;
  private final Gauge degraded;

  /**
   * @param components those that are always there
   * @param health asked once for each scrape; must not block
   */
  HealthMeters(
      PrometheusRegistry registry, Collection<String> components, Supplier<HealthReading> health) {
    this.health = health;
    this.components.addAll(components);
    ready =
        Gauge.builder()
            .name("worker_ready")
            .help("Whether new streams are accepted: 0 or 1.")
            .withoutExemplars()
            .register(registry);
    degraded =
        Gauge.builder()
            .name("worker_degraded")
            .help("Things that are not well, by component, as /health/ready names them.")
            .labelNames("component")
            .withoutExemplars()
            .register(registry);
  }

  /** Asks, before a scrape. */
  void read() {
    HealthReading now = health.get();
    ready.set(now.ready() ? 1 : 0);
    components.addAll(now.degraded().keySet());
    components.forEach(
        component ->
            degraded.labelValues(component).set(now.degraded().getOrDefault(component, 0)));
  }
}
