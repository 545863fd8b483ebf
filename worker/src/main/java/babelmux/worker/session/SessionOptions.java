package babelmux.worker.session;

import java.time.Duration;

/**
 * @param delay D: from source time to output time
 * @param segment length of a segment
 * @param grace how long a lost source is waited for
 * @param stall the longest silence of a source before it counts as lost
 * @param outputStart the output time of the first packet read: MediaMTX withholds the first 2 s of
 *     media time
 * @param quietCut whether segments are cut at pauses in speech, near the grid
 */
public record SessionOptions(
    Duration delay,
    Duration segment,
    Duration grace,
    Duration stall,
    Duration outputStart,
    boolean quietCut) {
  /** Segments are cut on the grid. */
  public SessionOptions(
      Duration delay, Duration segment, Duration grace, Duration stall, Duration outputStart) {
    this(delay, segment, grace, stall, outputStart, false);
  }

  /** A rest at the end of a run that is shorter is not worth a fragment. */
  static final Duration MIN_SEGMENT = Duration.ofSeconds(1);

  /** The output's start for live destinations. */
  public static final Duration LIVE_START = Duration.ofSeconds(3);
}
