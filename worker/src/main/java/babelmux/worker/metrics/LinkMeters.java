package babelmux.worker.metrics;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.ProtocolViolation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The link to the STS. */
final class LinkMeters {

  final AtomicInteger inFlight = new AtomicInteger();
  final AtomicInteger breaker = new AtomicInteger();
  final DistributionSummary roundTrip;
  final Map<BackpressureAction, Counter> backpressure;
  final Counter reconnections;
  final Map<ProtocolViolation, Counter> violations;

  LinkMeters(MeterSet set) {
    set.gauge(
        "worker_inflight_fragments",
        "Fragments sent to the STS and not answered yet.",
        inFlight::get);
    set.gauge(
        "worker_sts_breaker_state",
        "Breaker of the link to the STS: 0 closed, 1 half open, 2 open.",
        breaker::get);
    roundTrip =
        set.histogram(
            "worker_sts_rtt_ms",
            "Time from sending a fragment to its answer, in milliseconds.",
            50,
            100,
            250,
            500,
            1000,
            2000,
            4000,
            8000);
    backpressure =
        set.counters(
            "worker_backpressure_events_total",
            "Backpressure events of the STS, by what it asked for.",
            "action",
            BackpressureAction.class,
            BackpressureAction::tag);
    reconnections =
        set.counter("worker_reconnection_total", "Times that the link to the STS was made again.");
    violations =
        set.counters(
            "worker_sts_oddities_total",
            "What a correct STS would not have done, by kind.",
            "kind",
            ProtocolViolation.class,
            ProtocolViolation::tag);
  }

  /** Nothing is in flight and nothing is broken any more. */
  void rest() {
    inFlight.set(0);
    breaker.set(BreakerState.CLOSED.gauge());
  }
}
