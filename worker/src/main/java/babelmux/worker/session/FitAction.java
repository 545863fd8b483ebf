package babelmux.worker.session;

import java.util.Locale;

/** What was done to a dub so that it fills its slot exactly. */
public enum FitAction {
  /** Nothing: it was exactly as long. */
  EXACT,
  /** Silence was added. */
  PADDED,
  /** An inaudible surplus was taken off. */
  TRIMMED,
  /** Its end was cut off, with a fade. */
  CUT;

  /** The value of a metrics label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
