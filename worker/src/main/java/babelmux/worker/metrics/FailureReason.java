package babelmux.worker.metrics;

import java.util.Locale;

/** Reasons that a stream is given up. */
public enum FailureReason {

  /** Its source could not be read. */
  SOURCE,
  /** Something in this worker. */
  OURS,
  /** Another worker publishes to its output. */
  ANOTHER_WORKER;

  /** The label value. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
