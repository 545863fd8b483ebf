package babelmux.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of the whole worker. Safe for all threads; no method blocks. */
public final class ServiceMeters {

  private final Counter started;
  private final Map<RefusalReason, Counter> refused;
  private final Map<FailureReason, Counter> failed;
  private final Counter evicted;
  private final Timer hookAnswer;
  private final Map<RequestRefusal, Counter> hooksRefused;
  private final Map<RequestRefusal, Counter> writesRefused;
  private final AtomicInteger eventReaders = new AtomicInteger();
  private final Counter eventReadersDisconnected;

  ServiceMeters(MeterSet set) {
    started = set.counter("worker_streams_started_total", "Sessions started.");
    refused =
        set.counters(
            "worker_streams_refused_total",
            "Streams that were not taken on, by reason.",
            "reason",
            RefusalReason.class,
            RefusalReason::label);
    failed =
        set.counters(
            "worker_streams_failed_total",
            "Streams that were given up, by reason.",
            "reason",
            FailureReason.class,
            FailureReason::label);
    evicted =
        set.counter(
            "worker_streams_evicted_total",
            "Streams that had read no packet and were ended for a new one, at the limit.");
    hookAnswer =
        set.timer(
            "worker_hook_answer_seconds",
            "Time from the arrival of a hook's request to its answer.",
            1,
            2,
            5,
            10,
            25,
            50,
            100,
            250,
            1000);
    hooksRefused =
        set.counters(
            "worker_hooks_refused_total",
            "Hooks that were refused, by reason.",
            "reason",
            RequestRefusal.class,
            RequestRefusal::label);
    writesRefused =
        set.counters(
            "worker_writes_refused_total",
            "Other requests that write and were refused, by reason.",
            "reason",
            RequestRefusal.class,
            RequestRefusal::label);
    set.gauge(
        "worker_event_readers", "Readers of the events of GET /v1/events.", eventReaders::get);
    eventReadersDisconnected =
        set.counter(
            "worker_event_readers_disconnected_total",
            "Readers of events that were disconnected because they did not read.");
  }

  /** A session was started. */
  public void streamStarted() {
    started.increment();
  }

  /** A stream was not taken on. */
  public void streamRefused(RefusalReason reason) {
    count(refused, reason);
  }

  /** A stream was given up. */
  public void streamFailed(FailureReason reason) {
    count(failed, reason);
  }

  /** A stream that had read no packet was ended for a new one. */
  public void streamEvicted() {
    evicted.increment();
  }

  /** A hook was answered. */
  public void hookAnswered(Duration time) {
    hookAnswer.record(time);
  }

  /** A hook was refused. */
  public void hookRefused(RequestRefusal reason) {
    count(hooksRefused, reason);
  }

  /** Another request that writes was refused. */
  public void writeRefused(RequestRefusal reason) {
    count(writesRefused, reason);
  }

  /** So many read events now. */
  public void eventReaders(int readers) {
    eventReaders.set(readers);
  }

  /** A reader of events was disconnected because it did not read. */
  public void eventReaderDisconnected() {
    eventReadersDisconnected.increment();
  }

  private static <E> void count(Map<E, Counter> counters, E reason) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
