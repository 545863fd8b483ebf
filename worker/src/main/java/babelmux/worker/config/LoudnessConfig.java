package babelmux.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * The dubs' loudness.
 *
 * @param match whether it is brought to the original's
 * @param maxGainDb the most that a dub is raised or lowered, decibels
 * @param window the time over which the original's loudness is measured
 */
public record LoudnessConfig(boolean match, double maxGainDb, Duration window) {

  static final Setting<Boolean> MATCH =
      Setting.of(
          "loudness.match",
          Parsers.bool(),
          "false",
          "Bring the dubs to the original's loudness (ITU-R BS.1770), slowly.");

  static final Setting<Double> MAX_GAIN =
      Setting.of(
          "loudness.max-gain",
          Parsers.decibels(0, 20),
          "9dB",
          "The most that a dub is raised or lowered.");

  static final Setting<Duration> WINDOW =
      Setting.of(
          "loudness.window",
          Parsers.duration(Duration.ofSeconds(6), Duration.ofMinutes(15)),
          "3m",
          "How much of the original its loudness is measured over.");

  static final List<Setting<?>> SETTINGS = List.of(MATCH, MAX_GAIN, WINDOW);

  static LoudnessConfig from(Values values) {
    return new LoudnessConfig(values.get(MATCH), values.get(MAX_GAIN), values.get(WINDOW));
  }
}
