package babelmux.worker.config;

import java.util.List;

/**
 * What the sound of a slot is made of.
 *
 * @param fit how a dub is made as long as its slot
 */
public record SoundConfig(FitConfig fit) {

  /** The settings that have a meaning for a file, too: {@code serve} and {@code dub} have them. */
  public static final List<Setting<?>> SETTINGS = FitConfig.SETTINGS;

  static SoundConfig from(Values values) {
    return new SoundConfig(FitConfig.from(values));
  }
}
