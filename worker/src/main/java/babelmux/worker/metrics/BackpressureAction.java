package babelmux.worker.metrics;

import java.util.Locale;

/** What the STS asked for. */
public enum BackpressureAction {
  SLOW_DOWN,
  PAUSE,
  NONE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
