package babelmux.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;

/** What is counted once for the whole worker. Safe for all threads; no method blocks. */
public final class ServiceMeters {

  private final Counter started;
  private final Map<RefusalReason, Counter> refused;
  private final Timer hookAnswer;

  ServiceMeters(MeterSet set) {
    started = set.counter("worker_streams_started_total", "Sessions started.");
    refused =
        set.counters(
            "worker_streams_refused_total",
            "Streams that were not taken on, by reason.",
            "reason",
            RefusalReason.class,
            RefusalReason::label);
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
  }

  /** A session was started. */
  public void streamStarted() {
    started.increment();
  }

  /** A stream was not taken on. */
  public void streamRefused(RefusalReason reason) {
    Counter counter = refused.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A hook was answered. */
  public void hookAnswered(Duration time) {
    hookAnswer.record(time);
  }
}
