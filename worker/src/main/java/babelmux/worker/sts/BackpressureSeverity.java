package babelmux.worker.sts;

/** How loaded the service says it is. */
public enum BackpressureSeverity {
  LOW,
  MEDIUM,
  HIGH
}
