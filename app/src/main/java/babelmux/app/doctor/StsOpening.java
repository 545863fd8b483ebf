package babelmux.app.doctor;

import org.jspecify.annotations.Nullable;

/** What an STS says to {@code stream:init}. */
sealed interface StsOpening {

  /**
   * There is a session.
   *
   * @param voiceRefusal why the voice of the settings is not used; null when it is
   */
  record Accepted(@Nullable String voiceRefusal) implements StsOpening {}

  /**
   * It answers with an error.
   *
   * @param code of the error
   */
  record Refused(String code, String detail) implements StsOpening {}

  /** Nothing came within so many milliseconds. */
  record Unanswered(long waitedMs) implements StsOpening {}

  /** The connection was lost meanwhile. */
  record Lost(String detail) implements StsOpening {}
}
