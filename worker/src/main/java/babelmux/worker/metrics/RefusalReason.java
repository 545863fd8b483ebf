package babelmux.worker.metrics;

import java.util.Locale;

/** Why a stream was not taken on. */
public enum RefusalReason {

  /** The limit of streams is reached. */
  FULL,
  /** The worker is on its way out. */
  DRAINING;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
