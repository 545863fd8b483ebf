package babelmux.worker.session;

import babelmux.worker.output.OutputPacket;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sts.FallbackReason;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a session, for metrics and status. Called on the session's threads; must
 * not block. Every method does nothing unless overridden.
 */
public interface SessionListener {
  /** A packet was read. */
  default void read(boolean video, int bytes) {}

  /** A segment was cut; {@code sent} tells whether it goes to the STS. */
  default void cut(long index, boolean sent) {}

  /** A segment was cut that begins at this session time, microseconds. Before {@link #cut}. */
  default void segment(long index, long startUs) {}

  /** A segment's slot gets its dub. Once for each segment, or {@link #fellBack}. */
  default void dubbed(long index) {}

  /** A segment's slot keeps the original. Once for each segment, or {@link #dubbed}. */
  default void fellBack(long index, FallbackReason reason, String detail) {}

  /** A dub was made as long as its slot, or refused because it cannot be. */
  default void fitted(long index, FitPlan plan) {}

  /** The gain that dubs have at the end of the slot that begins now, decibels. */
  default void dubGain(double decibels) {}

  /** So many microseconds of sound were made lower because what was mixed was too loud. */
  default void limited(long us) {}

  /** Packets or samples of the source were not used. */
  default void dropped(DropReason reason, long packets) {}

  /** A packet left, {@code latenessNanos} after its time. */
  default void released(OutputPacket packet, long latenessNanos) {}

  /** A segment's first sample was written, {@code nanos} after it arrived. */
  default void segmentReleased(long index, long nanos) {}

  /** Video of the length of one more segment was written. */
  default void videoSegmentReleased() {}

  /** (sound out - sound in) - (video out - video in) of the last packets written, microseconds. */
  default void avDelta(long us) {}

  /** The source was lost, or could not be opened; the session waits for it. */
  default void sourceLost(String reason) {}

  /** The source is read (again). */
  default void sourceFound(boolean again) {}

  /** The first packet was read: nothing leaves before the delay has passed. */
  default void buffering() {}

  /** The first packet leaves. */
  default void live() {}

  /** Reading is over; what was received leaves. */
  default void draining() {}

  /**
   * The session is over and everything of it is closed. The last call.
   *
   * @param failure why it failed, or null when it ended in an orderly way
   */
  default void ended(@Nullable SessionFailure failure) {}

  /** So long nothing was read because the delay line was full, nanoseconds. */
  default void heldBack(long nanos) {}

  /**
   * Something is wrong with a stream that goes on, or right again.
   *
   * @param text what is wrong and what follows; null when it is right again
   */
  default void warning(StreamWarning warning, @Nullable String text) {}

  /** What is on air has changed: a dub or the original. */
  default void onAir(boolean dub) {}
}
