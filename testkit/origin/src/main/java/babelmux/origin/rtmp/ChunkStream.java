package babelmux.origin.rtmp;

import java.util.Arrays;

/** Fields that a chunk header may leave out, and the message that is being put together. */
final class ChunkStream {
  private static final int FIRST_ALLOCATION = 64 * 1024;
  private static final byte[] NOTHING = new byte[0];

  final int id;
  boolean known;
  boolean extended;
  long timestampMs;
  long deltaMs;
  int type;
  int streamId;
  int length;
  int received;
  private byte[] body = NOTHING;

  ChunkStream(int id) {
    this.id = id;
  }

  boolean assembling() {
    return received > 0;
  }

  /** Memory grows with what has arrived, not with what a header promised. */
  void append(byte[] source, int offset, int count) {
    if (received + count > body.length) {
      int wanted = Math.max(received + count, Math.max(FIRST_ALLOCATION, 2 * body.length));
      body = Arrays.copyOf(body, Math.min(length, wanted));
    }
    System.arraycopy(source, offset, body, received, count);
    received += count;
  }

  RtmpMessage finish() {
    byte[] whole = body.length == length ? body : Arrays.copyOf(body, length);
    abort();
    return new RtmpMessage(type, id, streamId, timestampMs, whole);
  }

  void abort() {
    body = NOTHING;
    received = 0;
  }
}
