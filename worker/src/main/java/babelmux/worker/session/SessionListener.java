package babelmux.worker.session;

import babelmux.worker.output.OutputPacket;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to a session's source and stream, for metrics and status; {@link
 * DubListener} is told of the dubs. Called on the session's threads; must not block. Every method
 * does nothing unless overridden.
 */
public interface SessionListener {
  /** A packet was read. */
  default void read(boolean video, int bytes) {}

  /** Packets or samples of the source were not used. */
  default void dropped(DropReason reason, long packets) {}

  /** A packet left, {@code latenessNanos} after its time. */
  default void released(OutputPacket packet, long latenessNanos) {}

  /** Video of the length of one more segment was written. */
  default void videoSegmentReleased() {}

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

  /**
   * The dubs were taken off air or put back; told when that is mixed, shortly before it leaves.
   *
   * @param atUs output time from which on it is heard, microseconds
   */
  default void bypassSwitched(boolean on, long atUs) {}

  /** So many microseconds of audio are heard in the original because of a bypass. */
  default void bypassed(long us) {}

  /** So long nothing was read because the delay line was full, nanoseconds. */
  default void heldBack(long nanos) {}

  /**
   * Something is wrong with a stream that goes on, or right again.
   *
   * @param text what is wrong and what follows; null when it is right again
   */
  default void warning(StreamWarning warning, @Nullable String text) {}
}
