package babelmux.worker.metrics;

import java.util.Locale;

/** A kind of track. */
public enum TrackType {
  VIDEO,
  AUDIO;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
