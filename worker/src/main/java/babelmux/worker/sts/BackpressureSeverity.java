package babelmux.worker.sts;

import java.util.Locale;

/** How loaded the service says it is. */
public enum BackpressureSeverity {
  LOW(100),
  MEDIUM(500),
  HIGH(1000);

  private final int defaultDelayMillis;

  BackpressureSeverity(int defaultDelayMillis) {
    this.defaultDelayMillis = defaultDelayMillis;
  }

  /** How much to slow down by when the service names no delay. */
  int defaultDelayMillis() {
    return defaultDelayMillis;
  }

  /** Unknown words are taken as medium. */
  static BackpressureSeverity of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "low" -> LOW;
      case "high" -> HIGH;
      default -> MEDIUM;
    };
  }
}
