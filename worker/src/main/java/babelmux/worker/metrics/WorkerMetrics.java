package babelmux.worker.metrics;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * All meters of a worker. A stream's series are there, at 0, from {@link #open} on; they stay for
 * the linger time after its end, of at most 500 ended streams, and the same id within that time
 * goes on counting. Series that are over are taken away when something is opened or scraped, so no
 * thread is needed. Safe for all threads.
 */
public final class WorkerMetrics implements AutoCloseable {

  /** Ended streams whose series are kept; the oldest ones go first. */
  static final int MAX_ENDED = 500;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Ratios ratios = new Ratios(registry.getPrometheusRegistry());
  private final FallbackCounters fallbacks = new FallbackCounters(InstantSource.system());
  private final Map<String, StreamSeries> running = new HashMap<>();
  // Those that ended, the first one first.
  private final Map<String, StreamSeries> ended = new LinkedHashMap<>();
  private final Duration linger;
  private final LongSupplier nanoClock;
  private final ServiceMeters service;
  private volatile @Nullable HealthMeters health;

  /**
   * New meters, all at 0.
   *
   * @param version of this program, for {@code media_service_worker_info}
   * @param linger how long a stream's series stay after its end
   * @param nanoClock a monotonic clock, such as {@link System#nanoTime}
   */
  public WorkerMetrics(String version, Duration linger, LongSupplier nanoClock) {
    this.linger = linger;
    this.nanoClock = nanoClock;
    // Micrometer strips "_info" from a gauge's name; the client below it has a type for that.
    Info.builder()
        .name("media_service_worker")
        .help("This worker.")
        .labelNames("version")
        .register(registry.getPrometheusRegistry())
        .setLabelValues(version);
    registry.getPrometheusRegistry().register(fallbacks);
    MeterSet set = new MeterSet(registry, ratios, Tags.empty());
    service = new ServiceMeters(set);
    set.gauge("worker_streams", "Streams that have a session now.", this::streams);
    set.gauge(
        "media_service_worker_sts_inflight_fragments",
        "Fragments of all streams sent to the STS and not answered yet.",
        () -> sum(series -> series.link.inFlight.get()));
    set.gauge(
        "media_service_worker_circuit_breaker_state",
        "The worst breaker of all streams: 0 closed, 1 half open, 2 open.",
        () -> max(series -> series.link.breaker.get()));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** The meters of the whole worker. */
  public ServiceMeters service() {
    return service;
  }

  /**
   * Shows what the process holds outside the Java heap.
   *
   * @param objects packets, codecs and connections of FFmpeg that are open
   * @param residentBytes of the process
   */
  public void natives(DoubleSupplier objects, DoubleSupplier residentBytes) {
    MeterSet set = new MeterSet(registry, ratios, Tags.empty());
    set.gauge(
        "worker_native_objects",
        "Packets, codecs and connections of FFmpeg that are open.",
        objects);
    set.gauge("process_resident_memory_bytes", "Resident memory of the process.", residentBytes);
  }

  /**
   * Shows how much memory the process may have.
   *
   * @param bytes the limit; positive infinity when nothing tells of one
   */
  public void memoryLimit(DoubleSupplier bytes) {
    new MeterSet(registry, ratios, Tags.empty())
        .gauge(
            "worker_memory_limit_bytes",
            "Memory that this process may have: the least of its control groups' and the machine's.",
            bytes);
  }

  /**
   * Shows the worker's health. Once.
   *
   * @param components of what may be wrong; others are shown from when they first are
   * @param reading asked once for each scrape, on its thread; must not block
   */
  public void health(Collection<String> components, Supplier<HealthReading> reading) {
    health = new HealthMeters(registry.getPrometheusRegistry(), components, reading);
  }

  /**
   * The meters of a stream whose session starts now; to be closed when it is over. A session that
   * still drains and the next one of the same id share them.
   */
  public synchronized StreamMeters open(String streamId) {
    sweep();
    StreamSeries lingering = ended.remove(streamId);
    if (lingering != null) {
      running.put(streamId, lingering);
    }
    StreamSeries series =
        running.computeIfAbsent(
            streamId, id -> new StreamSeries(set(id), fallbacks.open(id), name -> set(id, name)));
    series.sessionOpened();
    return new StreamMeters(series, () -> closed(streamId, series));
  }

  private MeterSet set(String streamId) {
    return new MeterSet(registry, ratios, Tags.of("stream_id", streamId));
  }

  private MeterSet set(String streamId, String destination) {
    return new MeterSet(
        registry, ratios, Tags.of("stream_id", streamId, "destination", destination));
  }

  private synchronized void closed(String streamId, StreamSeries series) {
    series.sessionClosed(nanoClock.getAsLong());
    if (!series.isRunning()) {
      running.remove(streamId);
      ended.put(streamId, series);
      sweep();
    }
  }

  /** Takes away what has lingered long enough, and the oldest of what is too much. */
  private synchronized void sweep() {
    long now = nanoClock.getAsLong();
    Iterator<Map.Entry<String, StreamSeries>> oldest = ended.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, StreamSeries> entry = oldest.next();
      StreamSeries series = entry.getValue();
      if (ended.size() <= MAX_ENDED && !series.isOver(now, linger.toNanos())) {
        return;
      }
      series.remove();
      fallbacks.remove(entry.getKey());
      oldest.remove();
    }
  }

  private synchronized double streams() {
    return running.size();
  }

  private synchronized double sum(ToIntFunction<StreamSeries> value) {
    return running.values().stream().mapToInt(value).sum();
  }

  private synchronized double max(ToIntFunction<StreamSeries> value) {
    return running.values().stream().mapToInt(value).max().orElse(0);
  }

  /** The Prometheus text, format 0.0.4. Takes milliseconds: not for an event loop. */
  public String scrape() {
    return scrape(ScrapeFormat.TEXT);
  }

  /** All series in a format. Takes milliseconds: not for an event loop. */
  public String scrape(ScrapeFormat format) {
    sweep();
    HealthMeters shown = health;
    if (shown != null) {
      shown.read();
    }
    return registry.scrape(format.contentType());
  }

  /** Gives up the registry; the meters go on working and are seen by nobody. */
  @Override
  public void close() {
    registry.close();
  }
}
