package babelmux.bench;

import java.util.Map;
import java.util.stream.Collectors;

/** Faults as the STS stand-in's drill writes them (docs/sts.md). Pure. */
final class StandInRules {
  private static final Map<SoakFault, String> FAULTS =
      Map.of(
          SoakFault.STS_LATE, "late, ms: 500",
          SoakFault.STS_SILENT, "drop",
          SoakFault.STS_GARBAGE, "audio, mode: garbage",
          SoakFault.STS_WRONG_FORMAT, "audio, mode: text",
          SoakFault.STS_DISCONNECT, "disconnect, at: before_ack, how: reset",
          SoakFault.STS_BACKPRESSURE, "backpressure, action: pause, release_after_ms: 9000");

  private StandInRules() {}

  static boolean makes(SoakFault fault) {
    return FAULTS.containsKey(fault);
  }

  /**
   * The body of {@code PUT /drill/faults}: all that is wrong from now on.
   *
   * @param faults by the id of the stream that each is for, all of which the stand-in makes
   */
  static String plan(Map<String, SoakFault> faults) {
    if (faults.isEmpty()) {
      return "rules: []\n";
    }
    return faults.entrySet().stream()
        .map(
            one -> "  - {stream: %s, do: %s}\n".formatted(one.getKey(), FAULTS.get(one.getValue())))
        .collect(Collectors.joining("", "rules:\n", ""));
  }
}
