package babelmux.worker.sound;

/**
 * How the sound of a session's slots is made.
 *
 * @param fit how far a dub may be changed to fill its slot
 */
public record SoundOptions(FitPolicy fit) {
  /** The dub replaces the original, at its own loudness. */
  public static final SoundOptions DEFAULT = new SoundOptions(FitPolicy.DEFAULT);
}
