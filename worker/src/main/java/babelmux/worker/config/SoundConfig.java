package babelmux.worker.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * Settings of the audio of a slot.
 *
 * @param fit how a dub is made as long as its slot
 * @param bed the original under the dub
 * @param loudness the dubs' loudness
 */
public record SoundConfig(FitConfig fit, BedConfig bed, LoudnessConfig loudness) {

  /** The settings that have a meaning for a file, too: {@code serve} and {@code dub} have them. */
  public static final List<Setting<?>> SETTINGS =
      Stream.of(FitConfig.SETTINGS, BedConfig.SETTINGS, LoudnessConfig.SETTINGS)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  static SoundConfig from(Values values) {
    return new SoundConfig(
        FitConfig.from(values), BedConfig.from(values), LoudnessConfig.from(values));
  }
}
