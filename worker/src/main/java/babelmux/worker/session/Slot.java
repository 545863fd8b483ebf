package babelmux.worker.session;

import babelmux.worker.sound.Dub;
import babelmux.worker.sound.GainRamp;
import babelmux.worker.sound.Joint;
import babelmux.worker.sound.Loudness;
import babelmux.worker.timeline.SegmentGrid.Segment;
import org.jspecify.annotations.Nullable;

/**
 * The place of one segment on the output timeline, and what will be heard there. Guarded by its
 * track's lock.
 */
final class Slot implements AutoCloseable {
  enum State {
    /** The STS may still answer in time. */
    OPEN,
    /** The dub is here and will be heard. */
    DUB,
    /** The original will be heard. */
    ORIGINAL
  }

  final Segment segment;
  final long arrivedNanos;
  State state = State.OPEN;
  @Nullable Dub dub;
  @Nullable Loudness original;
  GainRamp gain = GainRamp.NONE;
  boolean seenOnAir;

  /**
   * The joint of its dub with the dub before it; null until both are there and it was asked for.
   */
  @Nullable Joint startJoint;

  Slot(Segment segment, long arrivedNanos) {
    this.segment = segment;
    this.arrivedNanos = arrivedNanos;
  }

  long start() {
    return segment.startSample();
  }

  long end() {
    return segment.endSample();
  }

  /** Gives its dub's memory back. */
  @Override
  public void close() {
    if (dub != null) {
      dub.close();
      dub = null;
    }
  }
}
