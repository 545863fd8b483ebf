package babelmux.app.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges clocks. Pure. */
final class Clocks {
  private static final Duration MAX_APART = Duration.ofSeconds(2);

  /** HTTP tells whole seconds: the clock behind it may be so much further. */
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private static final Duration MAX_STEP = Duration.ofMillis(500);

  private Clocks() {}

  /**
   * @param ahead how far the clocks of servers are ahead of ours, by their names
   * @param step how far our clock has moved against the time that passed
   */
  static Finding judge(Map<String, Duration> ahead, Duration step) {
    if (step.abs().compareTo(MAX_STEP) > 0) {
      return Finding.of(
          Code.CLOCK, "the clock was set by %d ms while doctor looked".formatted(step.toMillis()));
    }
    List<String> apart = new ArrayList<>();
    ahead.forEach(
        (name, by) -> {
          if (by.compareTo(MAX_APART) > 0 || by.plus(ROUNDING).compareTo(MAX_APART.negated()) < 0) {
            apart.add(
                "%s's is %d s %s"
                    .formatted(name, by.abs().toSeconds(), by.isNegative() ? "behind" : "ahead"));
          }
        });
    if (!apart.isEmpty()) {
      return Finding.of(Code.CLOCK, String.join(", ", apart));
    }
    return Finding.ok(
        "clock",
        ahead.isEmpty()
            ? "it runs; no server tells its own"
            : "it runs with that of " + String.join(", ", ahead.keySet()));
  }
}
