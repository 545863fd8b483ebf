package babelmux.worker.session;

import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sts.FallbackReason;

/**
 * Is told what happens to the segments of one dub, for metrics and status. Called on the session's
 * threads; must not block. Every method does nothing unless overridden.
 */
public interface DubListener {
  /** A segment was cut; {@code sent} tells whether it goes to the STS. */
  default void cut(long index, boolean sent) {}

  /**
   * A segment was cut that lies between these session times, microseconds. Before all else that is
   * told of it.
   *
   * @param fragmentId its name in the log and the API; the service knows it by that, if it is sent
   */
  default void segment(long index, String fragmentId, long startUs, long endUs) {}

  /**
   * The STS has answered with words, whether its dub is heard or not. After {@link #dubbed} or
   * {@link #fellBack}; on the pool.
   */
  default void words(long index, SlotWords words) {}

  /** A segment's slot gets its dub. Once for each segment, or {@link #fellBack}. */
  default void dubbed(long index) {}

  /** A segment's slot keeps the original. Once for each segment, or {@link #dubbed}. */
  default void fellBack(long index, FallbackReason reason, String detail) {}

  /** The dub of a segment is kept off air. Does not change what is decided about it. */
  default void vetoed(long index) {}

  /**
   * The original is heard in a slot with a dub, from some sample on, because of an operator's
   * bypass. Shortly before that sample leaves; once for each slot.
   */
  default void bypassedIn(long index) {}

  /** A dub was made as long as its slot, or refused because it cannot be. */
  default void fitted(long index, FitPlan plan) {}

  /**
   * Dubs came in time and say nothing; they are played. First told when so many came in a row.
   *
   * @param dubs how many more
   */
  default void deadDubs(DeadDub kind, int dubs) {}

  /** A good dub has come after dead ones. */
  default void goodDub() {}

  /** The gain that dubs have at the end of the slot that begins now, decibels. */
  default void dubGain(double decibels) {}

  /** So many microseconds of audio were made lower because what was mixed was too loud. */
  default void limited(long us) {}

  /** A segment's first sample was written, {@code nanos} after it arrived. */
  default void segmentReleased(long index, long nanos) {}

  /** The output has changed between a dub and the original audio. */
  default void onAir(boolean dub) {}

  /** A frame of audio is ready to leave: the source's own packet, or one that was encoded. */
  default void audioFrame(boolean copied) {}

  /** (audio out - audio in) - (video out - video in) of the last packets written, microseconds. */
  default void avDelta(long us) {}
}
