package babelmux.origin.rtmp;

/** One whole RTMP message. The body is shared, never copied: nobody changes it. */
public final class RtmpMessage {
  private final int type;
  private final int chunkStreamId;
  private final int streamId;
  private final long timestampMs;
  private final byte[] body;

  /**
   * @param chunkStreamId 2..65599
   * @param streamId message stream, 0 for the connection itself
   * @param timestampMs unsigned 32-bit milliseconds
   */
  public RtmpMessage(int type, int chunkStreamId, int streamId, long timestampMs, byte[] body) {
    this.type = type;
    this.chunkStreamId = chunkStreamId;
    this.streamId = streamId;
    this.timestampMs = timestampMs & 0xFFFFFFFFL;
    this.body = body;
  }

  public int type() {
    return type;
  }

  public int chunkStreamId() {
    return chunkStreamId;
  }

  public int streamId() {
    return streamId;
  }

  /** Unsigned 32-bit milliseconds. */
  public long timestampMs() {
    return timestampMs;
  }

  /** The body itself, not a copy. */
  public byte[] body() {
    return body;
  }

  /** The body as a big-endian 32-bit number, as control messages carry it. */
  public long uint32() throws RtmpProtocolException {
    if (body.length < 4) {
      throw new RtmpProtocolException(
          "message type " + type + ": body of " + body.length + " bytes, expected 4");
    }
    return (body[0] & 0xFFL) << 24
        | (body[1] & 0xFFL) << 16
        | (body[2] & 0xFFL) << 8
        | (body[3] & 0xFFL);
  }
}
