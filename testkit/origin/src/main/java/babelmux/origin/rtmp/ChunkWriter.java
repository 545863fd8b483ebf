package babelmux.origin.rtmp;

/**
 * Cuts messages into chunks. Stateless: every message begins with a full header (type 0), so one
 * encoding serves all readers of a path.
 */
public final class ChunkWriter {
  private static final int EXTENDED = 0xFFFFFF;

  private ChunkWriter() {}

  /**
   * @param message on a chunk stream 2..63
   * @param chunkBytes the chunk size that the peer was told
   * @return header and body in chunks; the extended timestamp stands on type-3 chunks too
   */
  public static byte[] encode(RtmpMessage message, int chunkBytes) {
    byte[] body = message.body();
    boolean extended = message.timestampMs() >= EXTENDED;
    int chunks = Math.max(1, (body.length + chunkBytes - 1) / chunkBytes);
    int perChunk = 1 + (extended ? 4 : 0);
    byte[] wire = new byte[body.length + 11 + chunks * perChunk];
    int at = 0;
    wire[at++] = (byte) message.chunkStreamId();
    at = uint24(wire, at, extended ? EXTENDED : (int) message.timestampMs());
    at = uint24(wire, at, body.length);
    wire[at++] = (byte) message.type();
    wire[at++] = (byte) message.streamId();
    wire[at++] = (byte) (message.streamId() >> 8);
    wire[at++] = (byte) (message.streamId() >> 16);
    wire[at++] = (byte) (message.streamId() >> 24);
    for (int sent = 0, chunk = 0; chunk < chunks; chunk++) {
      if (chunk > 0) {
        wire[at++] = (byte) (0xC0 | message.chunkStreamId());
      }
      if (extended) {
        at = uint24(wire, at, (int) (message.timestampMs() >> 8));
        wire[at++] = (byte) message.timestampMs();
      }
      int count = Math.min(chunkBytes, body.length - sent);
      System.arraycopy(body, sent, wire, at, count);
      at += count;
      sent += count;
    }
    return wire;
  }

  private static int uint24(byte[] wire, int at, int value) {
    wire[at] = (byte) (value >> 16);
    wire[at + 1] = (byte) (value >> 8);
    wire[at + 2] = (byte) value;
    return at + 3;
  }
}
