package babelmux.worker.streams;

import java.util.Set;

/**
 * The life of a stream in this worker, from the hook to the last packet.
 *
 * <p>The whole table of allowed transitions is {@link #next()}; whoever holds a state changes it
 * only through {@link #to(StreamState)}.
 */
public enum StreamState {
  /** Accepted; the source is being opened. */
  STARTING,
  /** Reading; the delay has not passed yet, so nothing has left. */
  BUFFERING,
  /** Packets leave at their time. */
  LIVE,
  /** Reading has stopped; what was received is leaving. */
  DRAINING,
  /** Everything received has left. */
  ENDED,
  /** Given up, with a reason. */
  FAILED;

  /** The states that may follow this one directly; empty for the two final ones. */
  public Set<StreamState> next() {
    return switch (this) {
      case STARTING -> Set.of(BUFFERING, DRAINING, ENDED, FAILED);
      case BUFFERING -> Set.of(LIVE, DRAINING, FAILED);
      case LIVE -> Set.of(DRAINING, FAILED);
      case DRAINING -> Set.of(ENDED, FAILED);
      case ENDED, FAILED -> Set.of();
    };
  }

  /** Returns whether nothing follows this state. */
  public boolean isFinal() {
    return next().isEmpty();
  }

  /**
   * The one way to change a state.
   *
   * @return {@code target}
   * @throws IllegalStateException if {@code target} may not follow this state
   */
  public StreamState to(StreamState target) {
    if (!next().contains(target)) {
      throw new IllegalStateException(
          "a stream cannot go from " + this + " to " + target + "; allowed: " + next());
    }
    return target;
  }
}
