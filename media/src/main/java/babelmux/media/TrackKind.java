package babelmux.media;

/** The two kinds of tracks. */
public enum TrackKind {
  VIDEO,
  AUDIO
}
