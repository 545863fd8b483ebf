package babelmux.worker.metrics;

import java.util.Locale;

/** Reasons that an answer of the STS is discarded. */
public enum DubDiscard {

  /** Its slot was decided already. */
  LATE,
  /** Answered before. */
  DUPLICATE,
  /** Belongs to no fragment of this session. */
  UNKNOWN;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
