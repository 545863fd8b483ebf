package babelmux.app.doctor;

/** What an STS makes of a test fragment. */
sealed interface StsReply {

  /**
   * A dub that can be decoded.
   *
   * @param millis round trip
   * @param soundMillis its length
   * @param silent whether nothing in it is as loud as speech
   */
  record Dub(long millis, long soundMillis, boolean silent) implements StsReply {}

  /** An answer in time, without a dub that can be used. */
  record Unusable(long millis, String problem) implements StsReply {}

  /** An answer in time that has no audio in it. */
  record NoAudio(long millis) implements StsReply {}

  /** An answer after the limit. */
  record Late(long millis) implements StsReply {}

  /** No answer for so many milliseconds. */
  record Unanswered(long waitedMs) implements StsReply {}

  /**
   * An error.
   *
   * @param code as the STS named it
   */
  record Failed(String code, String detail) implements StsReply {}

  /** The connection was lost with the fragment under way. */
  record Lost(String detail) implements StsReply {}
}
