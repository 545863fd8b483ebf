package babelmux.worker.sts;

/** Load that the service says it is under. */
public enum BackpressureSeverity {
  LOW,
  MEDIUM,
  HIGH
}
