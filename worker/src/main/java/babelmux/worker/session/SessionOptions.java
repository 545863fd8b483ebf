package babelmux.worker.session;

import java.time.Duration;

/**
 * @param delay D: from source time to output time
 * @param segment length of a segment
 * @param grace how long a lost source is waited for
 * @param firstOpen how long a source that was never there is waited for: at most the grace, or
 *     {@link #FOREVER}
 * @param stall the longest silence of a source before it counts as lost
 * @param outputStart the output time of the first packet read: MediaMTX withholds the first 2 s of
 *     media time
 * @param quietCut whether segments are cut at pauses in speech, near the grid
 */
public record SessionOptions(
    Duration delay,
    Duration segment,
    Duration grace,
    Duration firstOpen,
    Duration stall,
    Duration outputStart,
    boolean quietCut) {
  /** Segments are cut on the grid. */
  public SessionOptions(
      Duration delay, Duration segment, Duration grace, Duration stall, Duration outputStart) {
    this(delay, segment, grace, HOOK_LIMIT, stall, outputStart, false);
  }

  /** A hook may tell of what does not exist: how long such a source is waited for. */
  public static final Duration HOOK_LIMIT = Duration.ofSeconds(5);

  /** Until the session is told to end. */
  public static final Duration FOREVER = Duration.ofDays(36_500);

  /** A rest at the end of a run that is shorter is not worth a fragment. */
  static final Duration MIN_SEGMENT = Duration.ofSeconds(1);

  /** The output's start for live destinations. */
  public static final Duration LIVE_START = Duration.ofSeconds(3);
}
