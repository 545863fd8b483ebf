package babelmux.worker.streams;

/** The answer to a {@link DestinationRequest}, and to the end of a destination. */
public sealed interface DestinationVerdict {

  /**
   * The stream is sent there from its next keyframe on, or as soon as it leaves.
   *
   * @param status its first one
   */
  record Added(StreamStatus.Destination status) implements DestinationVerdict {}

  /** The connection ends in order; the name is free. */
  record Removed() implements DestinationVerdict {}

  /**
   * Nothing was changed.
   *
   * @param message one sentence with the value and what was expected, redacted
   */
  record Refused(Reason reason, String message) implements DestinationVerdict {}

  /** Reasons for a refusal. */
  enum Reason {
    /** The stream itself is sent there already, or its output cannot be taken away. */
    INVALID,
    /** The URL's host is not allowed. */
    NOT_ALLOWED,
    /** No such stream. */
    NO_STREAM,
    /** The stream has no destination of this name. */
    NO_DESTINATION,
    /** The stream has ended. */
    STREAM_OVER,
    /** The stream has a destination of this name. */
    NAME_IN_USE,
    /** The stream has as many as it may. */
    TOO_MANY
  }
}
