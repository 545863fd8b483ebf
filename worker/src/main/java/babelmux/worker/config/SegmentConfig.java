package babelmux.worker.config;

import java.util.List;

/**
 * Settings of where the audio is cut into segments.
 *
 * @param quietCut at pauses in speech, near the grid, instead of on it
 */
public record SegmentConfig(boolean quietCut) {

  static final Setting<Boolean> QUIET_CUT =
      Setting.of(
          "segment.quiet-cut",
          Parsers.bool(),
          "false",
          "Cut segments at pauses in speech, up to 0.75s from the 6s grid, so that words are not cut. The"
              + " STS then has up to 1.5s less of the delay for a segment.");

  /** The settings of segments. They have a meaning for a file, too. */
  public static final List<Setting<?>> SETTINGS = List.of(QUIET_CUT);

  static SegmentConfig from(Values values) {
    return new SegmentConfig(values.get(QUIET_CUT));
  }
}
