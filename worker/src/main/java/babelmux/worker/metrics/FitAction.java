package babelmux.worker.metrics;

import java.util.Locale;

/** What was done to a dub so that it fills its slot exactly. */
public enum FitAction {
  PAD,
  TRIM,
  STRETCH;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
