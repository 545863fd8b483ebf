package babelmux.worker.sound;

import java.util.Locale;

/** Ways to make a dub fill its slot exactly. */
public enum FitAction {
  /** Nothing: it was exactly as long. */
  EXACT,
  /** Silence was added. */
  PADDED,
  /** An inaudible surplus was taken off. */
  TRIMMED,
  /** It was sped up. */
  SPED,
  /** It was slowed down. */
  SLOWED,
  /** It was sped up as far as allowed, and its end was cut off with a fade. */
  CUT,
  /** It cannot be a dub of its slot, which falls back to original audio. */
  REFUSED;

  /** The value of a metrics label. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
