package babelmux.worker.timeline;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.List;
import java.util.Optional;

/** Decides where audio is cut into segments. Not thread-safe. */
public interface SegmentCuts {
  /**
   * Takes note that audio exists up to {@code endSample}; gives the segments that are complete with
   * it.
   */
  List<Segment> reach(long startSample, long endSample);

  /** Ends the contiguous run; gives its rest when that is long enough to be a segment. */
  Optional<Segment> close();

  /**
   * The first sample that may still be cut into a segment; {@link Long#MAX_VALUE} when there is
   * none.
   */
  long currentStart();
}
