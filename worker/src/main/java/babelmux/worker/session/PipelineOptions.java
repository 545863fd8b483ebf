package babelmux.worker.session;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param maxSpanUs media time that may wait in the delay line, microseconds
 * @param maxBytes payload bytes that may wait there
 * @param resumeLimitUs how late a source that comes back may be and still go on where it would have
 *     been, microseconds; 0: never
 * @param segment length of a segment
 * @param quietCut whether segments are cut at pauses in speech, near the grid
 * @param audioAbsence how far video is read on without audio before what there is of a segment is
 *     cut
 * @param startUs the output time of session time 0, microseconds
 * @param holeToleranceUs how late audio may come, counted from when it is mixed, before its absence
 *     is silence, microseconds
 * @param jumpLimitUs a gap between two runs shorter than this is jumped over, a longer one is
 *     filled with silence: MediaMTX disconnects a publisher that sends nothing for 10 s
 * @param maxTries how often a fragment is submitted that was lost with its connection or met an
 *     open breaker
 * @param listed the segments that there are, on the session's count of samples; null cuts all of
 *     the audio
 */
record PipelineOptions(
    long maxSpanUs,
    long maxBytes,
    long resumeLimitUs,
    Duration segment,
    boolean quietCut,
    Duration audioAbsence,
    long startUs,
    long holeToleranceUs,
    long jumpLimitUs,
    int maxTries,
    @Nullable List<Segment> listed) {
  /** All of the audio is cut. */
  PipelineOptions(
      long maxSpanUs,
      long maxBytes,
      long resumeLimitUs,
      Duration segment,
      boolean quietCut,
      Duration audioAbsence,
      long startUs,
      long holeToleranceUs,
      long jumpLimitUs,
      int maxTries) {
    this(
        maxSpanUs,
        maxBytes,
        resumeLimitUs,
        segment,
        quietCut,
        audioAbsence,
        startUs,
        holeToleranceUs,
        jumpLimitUs,
        maxTries,
        null);
  }

  long segmentUs() {
    return segment.toNanos() / 1000;
  }
}
