package babelmux.worker.streams;

import babelmux.worker.config.BedConfig;
import babelmux.worker.config.DelayConfig;
import babelmux.worker.config.FitConfig;
import babelmux.worker.config.LoudnessConfig;
import babelmux.worker.config.SoundConfig;
import babelmux.worker.sound.BedOptions;
import babelmux.worker.sound.FitPolicy;
import babelmux.worker.sound.LoudnessOptions;
import babelmux.worker.sound.SoundOptions;
import org.jspecify.annotations.Nullable;

/** The settings of audio as a session takes them. */
public final class SoundSettings {
  private SoundSettings() {}

  public static SoundOptions of(SoundConfig config) {
    return new SoundOptions(fit(config.fit()), bed(config.bed()), loudness(config.loudness()));
  }

  private static FitPolicy fit(FitConfig fit) {
    return new FitPolicy(fit.maxTempo(), fit.minTempo(), fit.policy() == FitConfig.Policy.STRICT);
  }

  private static @Nullable BedOptions bed(BedConfig bed) {
    return bed.enabled()
        ? new BedOptions(bed.levelDb(), bed.pauseLevelDb(), bed.attack(), bed.release())
        : null;
  }

  private static @Nullable LoudnessOptions loudness(LoudnessConfig loudness) {
    if (!loudness.match()) {
      return null;
    }
    long slots = loudness.window().toNanos() / DelayConfig.SEGMENT.toNanos();
    return new LoudnessOptions(loudness.maxGainDb(), (int) Math.max(1, slots));
  }
}
