package babelmux.worker.streams;

/**
 * The end of a posted stream's session that nobody asked for.
 *
 * @param isFinal whether the stream is over with it; if not, it is to be started again
 * @param reason why it is not final, one sentence
 */
record PostedEnd(boolean isFinal, String reason) {

  /**
   * A stream is over when its source was read and has ended, or when another worker has its output:
   * two that start it again and again would cut each other off. Any other failure is ours.
   *
   * @param status its last
   * @param hasRead whether it has ever read a packet
   * @param givenUp whether it was given up to another worker
   */
  static PostedEnd of(StreamStatus status, boolean hasRead, boolean givenUp) {
    StreamStatus.Reason reason = status.reason();
    boolean isFinal = reason == null || givenUp || (hasRead && reason.blame().equals(Blame.SOURCE));
    return new PostedEnd(isFinal, reason == null ? "" : reason.message());
  }
}
