package babelmux.worker.sts.link;

import babelmux.worker.sts.BreakerSettings;
import babelmux.worker.sts.BreakerState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one link: so many failures in a row open it, then nothing is sent for a
 * while, then exactly one probe decides. Every permit ends in one of {@link #success}, {@link
 * #failure} and {@link #release}; results of calls begun before the last transition are ignored.
 * Single-threaded.
 */
final class StsBreaker {

  /** The right to send one fragment. */
  record Permit(long generation) {}

  private static final class Failed extends Exception {
    Failed() {
      super("fragment failed", null, false, false);
    }
  }

  private final CircuitBreaker breaker;
  private final LongSupplier nanos;
  private final long openNanos;
  private final BiConsumer<BreakerState, BreakerState> onChange;

  private long generation;
  private long openedAt;
  private boolean probing;

  /**
   * A closed breaker.
   *
   * @param nanos monotonic, from 0
   * @param onChange told of each transition
   */
  StsBreaker(
      BreakerSettings settings,
      LongSupplier nanos,
      BiConsumer<BreakerState, BreakerState> onChange) {
    this.nanos = nanos;
    this.openNanos = settings.openFor().toNanos();
    this.onChange = onChange;
    this.breaker =
        CircuitBreaker.of(
            "sts",
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.failures())
                .minimumNumberOfCalls(settings.failures())
                .failureRateThreshold(100)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(settings.openFor())
                .clock(new MonotonicClock(nanos))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                changed(
                    of(event.getStateTransition().getFromState()),
                    of(event.getStateTransition().getToState())));
  }

  private void changed(BreakerState from, BreakerState to) {
    generation++;
    probing = false;
    if (to == BreakerState.OPEN) {
      openedAt = nanos.getAsLong();
    }
    onChange.accept(from, to);
  }

  /** True when a fragment would not get a permit now. */
  boolean refuses() {
    return switch (state()) {
      case CLOSED -> false;
      case HALF_OPEN -> probing;
      case OPEN -> nanos.getAsLong() - openedAt <= openNanos;
    };
  }

  /**
   * Until when {@link #refuses} stays true, on the clock of {@code nanos}: 0 when it is not, {@link
   * Long#MAX_VALUE} when that depends on the probe.
   */
  long refusesUntil() {
    return switch (state()) {
      case CLOSED -> 0;
      case HALF_OPEN -> probing ? Long.MAX_VALUE : 0;
      case OPEN -> openedAt + openNanos;
    };
  }

  /** A permit, or null when nothing may be sent. */
  @Nullable Permit acquire() {
    if (!breaker.tryAcquirePermission()) {
      return null;
    }
    probing = state() == BreakerState.HALF_OPEN;
    return new Permit(generation);
  }

  /** The fragment failed with this code. */
  void judge(Permit permit, StsErrorCode code, boolean retryable) {
    if (code.countsForBreaker(retryable)) {
      failure(permit);
    } else {
      release(permit);
    }
  }

  /** The fragment was dubbed. */
  void success(Permit permit) {
    if (current(permit)) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }
  }

  /** The fragment failed in a way that counts. */
  void failure(Permit permit) {
    if (current(permit)) {
      breaker.onError(0, TimeUnit.NANOSECONDS, new Failed());
    }
  }

  /** The fragment says nothing about the service's health. */
  void release(Permit permit) {
    if (current(permit)) {
      probing = false;
      breaker.releasePermission();
    }
  }

  private boolean current(Permit permit) {
    return permit.generation() == generation;
  }

  /** Closes it and forgets what failed: there is a new connection. */
  void close() {
    if (state() != BreakerState.CLOSED) {
      breaker.transitionToClosedState();
    } else {
      generation++;
      breaker.reset();
    }
  }

  BreakerState state() {
    return of(breaker.getState());
  }

  private static BreakerState of(CircuitBreaker.State state) {
    return switch (state) {
      case OPEN, FORCED_OPEN -> BreakerState.OPEN;
      case HALF_OPEN -> BreakerState.HALF_OPEN;
      case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
    };
  }
}
