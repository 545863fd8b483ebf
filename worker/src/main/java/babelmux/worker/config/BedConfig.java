package babelmux.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * The original under the dub.
 *
 * @param enabled whether it is heard there
 * @param levelDb while the dub speaks, decibels
 * @param pauseLevelDb while the dub is silent, decibels
 * @param attack down, before the dub speaks
 * @param release up, after the dub has spoken
 */
public record BedConfig(
    boolean enabled, double levelDb, double pauseLevelDb, Duration attack, Duration release) {

  private static final Duration MAX_RAMP = Duration.ofSeconds(2);

  static final Setting<Boolean> ENABLED =
      Setting.of(
          "bed.enabled",
          Parsers.bool(),
          "false",
          "Let the original be heard under the dub, lower while the dub speaks.");

  static final Setting<Double> LEVEL =
      Setting.of(
          "bed.level",
          Parsers.decibels(-60, 0),
          "-18dB",
          "Level of the original while the dub speaks.");

  static final Setting<Double> PAUSE_LEVEL =
      Setting.of(
          "bed.pause-level",
          Parsers.decibels(-60, 0),
          "0dB",
          "Level of the original while the dub is silent; not below bed.level.");

  static final Setting<Duration> ATTACK =
      Setting.of(
          "bed.attack",
          Parsers.duration(Duration.ofMillis(1), MAX_RAMP),
          "50ms",
          "How long the original takes to go down; it is down when the dub begins to speak.");

  static final Setting<Duration> RELEASE =
      Setting.of(
          "bed.release",
          Parsers.duration(Duration.ofMillis(1), MAX_RAMP),
          "200ms",
          "How long the original takes to come up again after the dub has spoken.");

  static final List<Setting<?>> SETTINGS = List.of(ENABLED, LEVEL, PAUSE_LEVEL, ATTACK, RELEASE);

  public BedConfig {
    if (pauseLevelDb < levelDb) {
      throw new IllegalArgumentException(
          "the original would be louder under speech than in pauses: expected bed.pause-level to be"
              + " at least bed.level");
    }
  }

  static BedConfig from(Values values) {
    BedConfig config =
        values.check(
            () ->
                new BedConfig(
                    values.get(ENABLED),
                    values.get(LEVEL),
                    values.get(PAUSE_LEVEL),
                    values.get(ATTACK),
                    values.get(RELEASE)),
            LEVEL,
            PAUSE_LEVEL);
    return config == null
        ? new BedConfig(false, -18, 0, Duration.ofMillis(50), Duration.ofMillis(200))
        : config;
  }
}
