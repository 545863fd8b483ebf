package babelmux.worker.session;

import babelmux.worker.sound.SoundOptions;
import java.time.Duration;

/**
 * @param delay D: from source time to output time
 * @param segment length of a segment
 * @param grace how long a lost source is waited for
 * @param stall the longest silence of a source before it counts as lost
 * @param bitRate of the output's sound, bits per second
 * @param sound how the sound of a slot is made
 * @param outputStart the output time of the first packet read: MediaMTX keeps the first 2 s of
 *     media time to itself
 * @param quietCut whether segments are cut where nobody speaks, near the grid
 */
public record SessionOptions(
    Duration delay,
    Duration segment,
    Duration grace,
    Duration stall,
    int bitRate,
    SoundOptions sound,
    Duration outputStart,
    boolean quietCut) {
  /** Segments are cut on the grid. */
  public SessionOptions(
      Duration delay,
      Duration segment,
      Duration grace,
      Duration stall,
      int bitRate,
      SoundOptions sound,
      Duration outputStart) {
    this(delay, segment, grace, stall, bitRate, sound, outputStart, false);
  }

  /** A rest at the end of a stretch that is shorter is not worth a fragment. */
  static final Duration LEAST_SEGMENT = Duration.ofSeconds(1);

  /** The output's start for live destinations. */
  public static final Duration LIVE_START = Duration.ofSeconds(3);
}
