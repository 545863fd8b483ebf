package babelmux.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Declares meters that carry the same first labels, and takes all of them away together. */
final class MeterSet {

  private final MeterRegistry registry;
  private final Ratios ratios;
  private final Tags common;
  private final List<Meter> meters = new ArrayList<>();
  private boolean hasRatios;

  MeterSet(MeterRegistry registry, Ratios ratios, Tags common) {
    this.registry = registry;
    this.ratios = ratios;
    this.common = common;
  }

  Counter counter(String name, String help) {
    return counter(name, help, Tags.empty());
  }

  /** One series for each value of a label, all there from the start. */
  <E extends Enum<E>> Map<E, Counter> counters(
      String name, String help, String label, Class<E> type, Function<E, String> text) {
    Map<E, Counter> counters = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      counters.put(value, counter(name, help, Tags.of(label, text.apply(value))));
    }
    return counters;
  }

  Counter counter(String name, String help, Tags tags) {
    return kept(Counter.builder(name).description(help).tags(common).tags(tags).register(registry));
  }

  void gauge(String name, String help, DoubleSupplier value) {
    gauge(name, help, Tags.empty(), value);
  }

  void gauge(String name, String help, Tags tags, DoubleSupplier value) {
    kept(
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
            .description(help)
            .tags(common)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  /** Sorts into buckets by whole numbers, rounded up: for milliseconds, not for seconds. */
  DistributionSummary histogram(String name, String help, double... buckets) {
    return kept(
        DistributionSummary.builder(name)
            .description(help)
            .tags(common)
            .serviceLevelObjectives(buckets.clone())
            .register(registry));
  }

  /** A histogram of times whose name ends in {@code _seconds}. */
  Timer timer(String name, String help, int... bucketMillis) {
    Duration[] buckets =
        IntStream.of(bucketMillis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    return kept(
        Timer.builder(name)
            .description(help)
            .tags(common)
            .serviceLevelObjectives(buckets)
            .register(registry));
  }

  /** A histogram of values around 1. */
  DistributionDataPoint ratios(String name, String help, double... buckets) {
    hasRatios = true;
    return ratios.series(name, help, common, buckets);
  }

  void remove() {
    meters.forEach(registry::remove);
    meters.clear();
    if (hasRatios) {
      ratios.remove(common);
    }
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    return meter;
  }
}
