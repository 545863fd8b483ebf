package babelmux.origin.rtmp;

/** The peer sent bytes that are not acceptable RTMP; the connection has to be closed. */
public final class RtmpProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason what was received and what was expected, fit for a log line
   */
  public RtmpProtocolException(String reason) {
    super(reason);
  }
}
