package babelmux.worker.session;

import babelmux.worker.sound.Dub;
import babelmux.worker.sound.GainRamp;
import babelmux.worker.sound.Joint;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SegmentGrid.Segment;
import org.jspecify.annotations.Nullable;

/**
 * The place of one segment on the output timeline, and what will be heard there. Guarded by its
 * track's lock.
 */
final class Slot implements AutoCloseable {
  final Segment segment;

  /** That of its fragment, sent or not. */
  final String fragmentId;

  final long arrivedNanos;
  SlotState state = SlotState.WAITING;
  @Nullable FallbackReason reason;

  /** Null while there is none, and once it will not be heard any more. */
  @Nullable Dub dub;

  boolean vetoed;
  @Nullable String transcript;
  @Nullable String translation;
  @Nullable Loudness original;
  GainRamp gain = GainRamp.NONE;
  boolean seenOnAir;
  boolean bypassed;

  /**
   * The joint of its dub with the dub before it; null until both are there and it was asked for.
   */
  @Nullable Joint startJoint;

  Slot(Segment segment, String fragmentId, long arrivedNanos) {
    this.segment = segment;
    this.fragmentId = fragmentId;
    this.arrivedNanos = arrivedNanos;
  }

  long number() {
    return segment.index();
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
