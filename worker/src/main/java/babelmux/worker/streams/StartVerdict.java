package babelmux.worker.streams;

/** The answer to a {@link StreamRequest}. */
public sealed interface StartVerdict {

  /**
   * The stream runs from now on.
   *
   * @param status its first one
   */
  record Started(StreamStatus status) implements StartVerdict {}

  /**
   * No stream was started.
   *
   * @param message one sentence with the value and what was expected, redacted
   */
  record Refused(Reason reason, String message) implements StartVerdict {}

  /** Reasons for a refusal. */
  enum Reason {
    /** The source is of a kind that no stream can have. */
    INVALID,
    /** The source's host is not allowed. */
    NOT_ALLOWED,
    /** A stream of this id runs already. */
    ID_IN_USE,
    /** The worker runs its limit of streams. */
    FULL,
    /** The memory has no room for another stream. */
    MEMORY,
    /** Packets of running streams leave late. */
    CPU,
    /** The worker accepts no streams. */
    DRAINING
  }
}
