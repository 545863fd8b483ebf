package babelmux.worker.metrics;

/** The breaker of the link to the STS, as {@code worker_sts_breaker_state} shows it. */
public enum BreakerState {
  CLOSED(0),
  HALF_OPEN(1),
  OPEN(2);

  private final int value;

  BreakerState(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
