package babelmux.worker.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Cuts a contiguous run of audio into segments of equal length, counted in samples from the run's
 * first one; or, where a chooser says so, near that grid: the grid itself never moves, so that
 * segments are equally long on average. Not thread-safe.
 */
public final class SegmentGrid implements SegmentCuts {
  private final int segmentSamples;
  private final int leastSamples;
  private final int slackSamples;
  private final LongUnaryOperator chooser;
  private long index;
  private long start;
  private long nominal;
  private long end;
  private boolean running;

  /**
   * A piece of the session's audio timeline.
   *
   * @param index counts the session's segments from 0
   * @param startSample its first sample
   * @param samples its length
   */
  public record Segment(long index, long startSample, int samples) {
    /** The sample behind its last one. */
    public long endSample() {
      return startSample + samples;
    }
  }

  /**
   * @param segmentSamples length of a segment
   * @param leastSamples the shortest rest that is still a segment
   */
  public SegmentGrid(int segmentSamples, int leastSamples) {
    this(segmentSamples, leastSamples, 0, nominal -> nominal);
  }

  /**
   * @param slackSamples how far a cut may lie from the grid, and so how much audio beyond the grid
   *     is awaited before one is chosen
   * @param chooser gives the sample to cut at for one of the grid
   */
  public SegmentGrid(
      int segmentSamples, int leastSamples, int slackSamples, LongUnaryOperator chooser) {
    this.segmentSamples = segmentSamples;
    this.leastSamples = leastSamples;
    this.slackSamples = slackSamples;
    this.chooser = chooser;
  }

  /**
   * Takes note that audio exists up to {@code endSample}; gives the segments that are complete with
   * it.
   */
  @Override
  public List<Segment> reach(long startSample, long endSample) {
    if (!running) {
      running = true;
      start = startSample;
      end = startSample;
      nominal = startSample + segmentSamples;
    }
    end = Math.max(end, endSample);
    List<Segment> complete = new ArrayList<>(1);
    while (end - nominal >= slackSamples) {
      long chosen = chooser.applyAsLong(nominal);
      long cut = Math.max(nominal - slackSamples, Math.min(nominal + slackSamples, chosen));
      complete.add(new Segment(index++, start, (int) (cut - start)));
      start = cut;
      nominal += segmentSamples;
    }
    return complete;
  }

  /** Ends the run; gives its rest when that is long enough to be a segment. */
  @Override
  public Optional<Segment> close() {
    int rest = running ? (int) (end - start) : 0;
    running = false;
    return rest >= leastSamples ? Optional.of(new Segment(index++, start, rest)) : Optional.empty();
  }

  /**
   * The first sample of the segment that is being filled; {@link Long#MAX_VALUE} before the first
   * audio of a run.
   */
  @Override
  public long currentStart() {
    return running ? start : Long.MAX_VALUE;
  }
}
