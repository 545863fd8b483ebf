package babelmux.worker.streams;

/** The answer to the wish of an operator about what is on air. */
public sealed interface AirVerdict {

  /**
   * The stream is switched, or will be.
   *
   * @param bypass its state now
   */
  record Switched(StreamStatus.Bypass bypass) implements AirVerdict {}

  /** The original will be heard in the whole slot. */
  record Vetoed(long slot) implements AirVerdict {}

  /**
   * Nothing was changed.
   *
   * @param message one sentence with the value and what was expected
   */
  record Refused(Reason reason, String message) implements AirVerdict {}

  /** Reasons for a refusal. */
  enum Reason {
    /** There is no such stream, and there was none recently. */
    NO_STREAM,
    /** The stream has ended. */
    OVER,
    /** The time is too far ahead. */
    INVALID,
    /** Too many switches wait for their time. */
    SCHEDULE_FULL,
    /** There is no such slot, or not yet. */
    NO_SLOT,
    /** The slot is being mixed. */
    SLOT_BEGUN,
    /** The slot has begun to leave. */
    SLOT_AIRED
  }
}
