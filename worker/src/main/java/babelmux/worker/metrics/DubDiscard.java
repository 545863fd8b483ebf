package babelmux.worker.metrics;

import java.util.Locale;

/** Why an answer of the STS is thrown away. */
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
