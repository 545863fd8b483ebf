package babelmux.worker.sts;

import java.util.Locale;

/** Action that a {@code backpressure} event asks for. */
public enum BackpressureAction {
  SLOW_DOWN,
  PAUSE,
  NONE;

  /** The value of the metrics' {@code action} label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
