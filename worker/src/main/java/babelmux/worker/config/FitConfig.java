package babelmux.worker.config;

import java.util.List;

/**
 * Settings of how a dub is fitted to its slot.
 *
 * @param policy what is done to one of another length
 * @param maxTempo the highest tempo factor of a dub
 * @param minTempo the lowest tempo factor of a dub
 */
public record FitConfig(Policy policy, double maxTempo, double minTempo) {

  /** Treatment of a dub of another length. */
  public enum Policy {
    /** Spoken faster as far as allowed, then cut; padded when shorter. */
    TEMPO,
    /** Trimmed or padded within 10 %, refused beyond. */
    STRICT
  }

  static final Setting<Policy> POLICY =
      Setting.of(
          "fit.policy",
          Parsers.oneOf(Policy.class),
          "tempo",
          "What is done to a dub that is longer or shorter than its slot. tempo: it is spoken faster, up"
              + " to fit.max-tempo, then cut; padded when shorter. strict: trimmed or padded within 10 %,"
              + " the original beyond.");

  static final Setting<Double> MAX_TEMPO =
      Setting.of(
          "fit.max-tempo",
          Parsers.decimal("a tempo factor", 1, 2),
          "1.25",
          "Highest tempo factor of a dub that is too long; the pitch stays.");

  static final Setting<Double> MIN_TEMPO =
      Setting.of(
          "fit.min-tempo",
          Parsers.decimal("a tempo factor", 0.95, 1),
          "1",
          "How slowly a dub may be spoken that is a little too short. 1 keeps its pace and pads it.");

  static final List<Setting<?>> SETTINGS = List.of(POLICY, MAX_TEMPO, MIN_TEMPO);

  static FitConfig from(Values values) {
    return new FitConfig(values.get(POLICY), values.get(MAX_TEMPO), values.get(MIN_TEMPO));
  }
}
