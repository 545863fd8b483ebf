package babelmux.bench;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.ProtocolViolation;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what all links of a drill have met. Thread-safe. */
final class DrillTally {
  final LongAdder submitted = new LongAdder();
  final LongAdder dubbed = new LongAdder();
  final LongAdder fellBack = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder breakerOpenings = new LongAdder();

  /** Settlements that do not go with what the observer was told of the same fragment. */
  final LongAdder contradictions = new LongAdder();

  /** The longest time that a fragment was settled after its deadline. */
  final LongAccumulator overdueNanos = new LongAccumulator(Math::max, 0);

  private final ConcurrentMap<FallbackReason, LongAdder> reasons = new ConcurrentHashMap<>();
  private final ConcurrentMap<ProtocolViolation, LongAdder> violations = new ConcurrentHashMap<>();
  private final AtomicLong inFlight = new AtomicLong();

  void fallback(FallbackReason reason) {
    reasons.computeIfAbsent(reason, key -> new LongAdder()).increment();
  }

  void violation(ProtocolViolation kind) {
    violations.computeIfAbsent(kind, key -> new LongAdder()).increment();
  }

  void inFlightChanged(int by) {
    inFlight.addAndGet(by);
  }

  long inFlight() {
    return inFlight.get();
  }

  long fallbacks(FallbackReason reason) {
    LongAdder count = reasons.get(reason);
    return count == null ? 0 : count.sum();
  }

  long violations() {
    return violations.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Fragments without a result. */
  long unsettled() {
    return submitted.sum() - dubbed.sum() - fellBack.sum();
  }
}
