package babelmux.worker.metrics;

import java.util.Locale;

/** Reasons that a stream is refused. */
public enum RefusalReason {

  /** The limit of streams is reached. */
  FULL,
  /** The worker is on its way out. */
  DRAINING,
  /** The stream id is in use by another path. */
  ID_IN_USE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
