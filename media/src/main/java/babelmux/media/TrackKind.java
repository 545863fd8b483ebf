package babelmux.media;

/** What a track carries. */
public enum TrackKind {
  VIDEO,
  AUDIO
}
