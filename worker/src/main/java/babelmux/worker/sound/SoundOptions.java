package babelmux.worker.sound;

import org.jspecify.annotations.Nullable;

/**
 * Options of the audio of a session's slots.
 *
 * @param fit how far a dub may be changed to fill its slot
 * @param bed how the original is heard under the dub; null for not at all
 * @param loudness how dubs are brought to the original's loudness; null for not at all
 */
public record SoundOptions(
    FitPolicy fit, @Nullable BedOptions bed, @Nullable LoudnessOptions loudness) {
  /** The dub replaces the original, at its own loudness. */
  public static final SoundOptions DEFAULT = new SoundOptions(FitPolicy.DEFAULT, null, null);

  /** Returns whether the audio of a dub's slot may be louder than both the dub and the original. */
  public boolean isMixed() {
    return bed != null || loudness != null;
  }
}
