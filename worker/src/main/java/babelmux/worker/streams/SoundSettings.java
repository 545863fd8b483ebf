package babelmux.worker.streams;

import babelmux.worker.config.FitConfig;
import babelmux.worker.config.SoundConfig;
import babelmux.worker.sound.FitPolicy;
import babelmux.worker.sound.SoundOptions;

/** The settings of sound as a session takes them. */
public final class SoundSettings {
  private SoundSettings() {}

  public static SoundOptions of(SoundConfig config) {
    FitConfig fit = config.fit();
    return new SoundOptions(
        new FitPolicy(fit.maxTempo(), fit.minTempo(), fit.policy() == FitConfig.Policy.STRICT));
  }
}
