package babelmux.bench;

import java.util.Locale;

/** Faults that a soak injects. Rows of docs/faults.md, and of the STS's in docs/sts.md. */
enum SoakFault {
  SOURCE_AWAY_2S(Target.STREAM, 2, true),
  SOURCE_AWAY_10S(Target.STREAM, 10, true),
  SOURCE_REPLACED(Target.STREAM, 1, true),
  SOURCE_RESET(Target.STREAM, 1, true),
  SOURCE_STALL_THEN_BURST(Target.STREAM, 2, true),
  HOOK_LOST(Target.STREAM, 2, true),
  HOOK_DOUBLED(Target.STREAM, 1, false),
  STS_LATE(Target.STREAM, 10, true),
  STS_SILENT(Target.STREAM, 10, true),
  STS_GARBAGE(Target.STREAM, 10, true),
  STS_WRONG_FORMAT(Target.STREAM, 10, true),
  STS_DISCONNECT(Target.STREAM, 8, true),
  STS_BACKPRESSURE(Target.STREAM, 10, true),
  DESTINATION_RESET(Target.STREAM, 15, false),
  DESTINATION_BLACK_HOLE(Target.STREAM, 15, false),
  VIEWERS_COME_AND_GO(Target.STREAM, 10, false),
  // Shorter than the time to the next fault: the end of one would be that of the other, too.
  API_DOWN(Target.NO_STREAM, 9, false),
  API_SLOW(Target.NO_STREAM, 9, false),
  GARBAGE_HTTP(Target.NO_STREAM, 5, false);

  private enum Target {
    STREAM,
    NO_STREAM
  }

  private final Target target;
  private final int seconds;
  private final boolean mayFallBack;

  SoakFault(Target target, int seconds, boolean mayFallBack) {
    this.target = target;
    this.seconds = seconds;
    this.mayFallBack = mayFallBack;
  }

  /** False for faults of the whole installation that no stream may notice. */
  boolean hitsStream() {
    return target == Target.STREAM;
  }

  /** Time between its begin and its end. */
  int seconds() {
    return seconds;
  }

  /** True when segments of the stream may fall back to original audio because of it. */
  boolean mayFallBack() {
    return mayFallBack;
  }

  /** Made by the STS stand-in, so not there with another service. */
  boolean needsStandIn() {
    return StandInRules.makes(this);
  }

  /** As the report names it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
