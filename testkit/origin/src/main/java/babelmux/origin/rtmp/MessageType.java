package babelmux.origin.rtmp;

/** Type ids of RTMP messages, as they stand on the wire. */
public final class MessageType {
  public static final int SET_CHUNK_SIZE = 1;
  public static final int ABORT = 2;
  public static final int ACKNOWLEDGEMENT = 3;
  public static final int USER_CONTROL = 4;
  public static final int WINDOW_ACK_SIZE = 5;
  public static final int SET_PEER_BANDWIDTH = 6;
  public static final int AUDIO = 8;
  public static final int VIDEO = 9;
  public static final int DATA_AMF0 = 18;
  public static final int COMMAND_AMF0 = 20;
  public static final int AGGREGATE = 22;

  private MessageType() {}

  /**
   * Refuses what MediaMTX refuses: AMF3, shared objects, aggregates and everything unknown.
   *
   * @throws RtmpProtocolException naming the type
   */
  public static void requireSupported(int type) throws RtmpProtocolException {
    switch (type) {
      case SET_CHUNK_SIZE,
          ABORT,
          ACKNOWLEDGEMENT,
          USER_CONTROL,
          WINDOW_ACK_SIZE,
          SET_PEER_BANDWIDTH,
          AUDIO,
          VIDEO,
          DATA_AMF0,
          COMMAND_AMF0 -> {}
      case AGGREGATE ->
          throw new RtmpProtocolException("invalid message type: 22 (aggregate messages)");
      default -> throw new RtmpProtocolException("invalid message type: " + type);
    }
  }
}
