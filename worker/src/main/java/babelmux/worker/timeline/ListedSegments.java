package babelmux.worker.timeline;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the segments that it is told, and nothing between them. What of one lies before a contiguous
 * run, or behind its end, is not cut. Not thread-safe.
 */
public final class ListedSegments implements SegmentCuts {
  private final List<Segment> wanted;
  private final int leastSamples;
  private int next;
  private long runStart;
  private long end;
  private boolean running;

  /**
   * @param wanted in the order of time, none overlapping another; their numbers are kept
   * @param leastSamples the shortest piece of one that is still a segment
   */
  public ListedSegments(List<Segment> wanted, int leastSamples) {
    this.wanted = List.copyOf(wanted);
    this.leastSamples = leastSamples;
  }

  @Override
  public List<Segment> reach(long startSample, long endSample) {
    if (!running) {
      running = true;
      runStart = startSample;
      end = startSample;
    }
    end = Math.max(end, endSample);
    List<Segment> complete = new ArrayList<>(1);
    while (next < wanted.size() && wanted.get(next).endSample() <= end) {
      piece().ifPresent(complete::add);
      next++;
    }
    return complete;
  }

  /** What there is of the next one. */
  private Optional<Segment> piece() {
    Segment whole = wanted.get(next);
    long from = Math.max(runStart, whole.startSample());
    long to = Math.min(end, whole.endSample());
    return to - from >= leastSamples
        ? Optional.of(new Segment(whole.index(), from, (int) (to - from)))
        : Optional.empty();
  }

  @Override
  public Optional<Segment> close() {
    boolean begun = running && next < wanted.size() && wanted.get(next).startSample() < end;
    Optional<Segment> rest = begun ? piece() : Optional.empty();
    if (begun) {
      next++;
    }
    running = false;
    return rest;
  }

  @Override
  public long currentStart() {
    return next < wanted.size() ? wanted.get(next).startSample() : Long.MAX_VALUE;
  }
}
