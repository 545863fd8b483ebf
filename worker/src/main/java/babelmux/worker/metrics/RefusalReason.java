package babelmux.worker.metrics;

import java.util.Locale;

/** Reasons that a stream is refused. */
public enum RefusalReason {

  /** The limit of streams is reached. */
  FULL,
  /** The memory has no room for another stream. */
  MEMORY,
  /** Packets of running streams leave late. */
  CPU,
  /** The worker is on its way out. */
  DRAINING,
  /** The stream id is in use by another path. */
  ID_IN_USE;

  /** The reason in metrics and answers, such as {@code full}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
