package babelmux.worker.sts;

import java.util.Locale;

/** What a {@code backpressure} event asks for. */
public enum BackpressureAction {
  SLOW_DOWN,
  PAUSE,
  NONE;

  /** Unknown words mean the mildest request. */
  static BackpressureAction of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "pause" -> PAUSE;
      case "none" -> NONE;
      default -> SLOW_DOWN;
    };
  }

  /** The value of the metrics' {@code action} label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
