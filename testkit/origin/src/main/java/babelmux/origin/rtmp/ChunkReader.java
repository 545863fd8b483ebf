package babelmux.origin.rtmp;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from chunks. One per connection, one thread.
 *
 * <p>Bounded: {@value #MAX_MESSAGE_BYTES} bytes a message, {@value #MAX_CHUNK_STREAMS} chunk
 * streams, and half-received messages of twice a message together.
 */
public final class ChunkReader {
  public static final int MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
  public static final int MAX_CHUNK_STREAMS = 64;
  private static final int EXTENDED = 0xFFFFFF;
  private static final int[] HEADER_BYTES = {11, 7, 3, 0};

  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private final ArrayDeque<byte[]> input = new ArrayDeque<>();
  private byte[] data = new byte[0];
  private int position;
  private int chunkBytes = 128;
  private int partialBytes;
  private int maxMessageBytes = MAX_MESSAGE_BYTES;
  private @Nullable ChunkStream current;
  private int leftInChunk;

  /** Takes bytes; {@link #next} then returns what they complete. The array is kept. */
  public void feed(byte[] bytes) {
    if (bytes.length > 0) {
      input.add(bytes);
    }
  }

  /**
   * The next whole message, null when more bytes are needed. Control messages have to be applied by
   * the caller before the next call.
   */
  public @Nullable RtmpMessage next() throws RtmpProtocolException {
    while (true) {
      if (current == null && !readHeader()) {
        return null;
      }
      ChunkStream stream = current;
      if (stream == null) {
        return null;
      }
      int count = Math.min(leftInChunk, available());
      stream.append(data, position, count);
      position += count;
      leftInChunk -= count;
      partialBytes += count;
      if (leftInChunk > 0) {
        if (!more()) {
          return null;
        }
        continue;
      }
      current = null;
      if (stream.received == stream.length) {
        partialBytes -= stream.length;
        return stream.finish();
      }
      if (partialBytes > 2 * maxMessageBytes) {
        throw new RtmpProtocolException("too many bytes in unfinished messages: " + partialBytes);
      }
    }
  }

  /**
   * Limits the messages that follow.
   *
   * @param bytes at most {@value #MAX_MESSAGE_BYTES}
   */
  public void limitMessages(int bytes) {
    maxMessageBytes = Math.min(bytes, MAX_MESSAGE_BYTES);
  }

  /**
   * Applies the peer's Set Chunk Size.
   *
   * @param bytes 1..{@value #MAX_MESSAGE_BYTES}
   */
  public void setChunkSize(long bytes) throws RtmpProtocolException {
    if (bytes < 1 || bytes > MAX_MESSAGE_BYTES) {
      throw new RtmpProtocolException(
          "chunk size (" + bytes + ") out of range 1.." + MAX_MESSAGE_BYTES);
    }
    chunkBytes = (int) bytes;
  }

  /**
   * Applies the peer's Abort Message: the half-received message of that chunk stream is dropped.
   */
  public void abort(long chunkStreamId) {
    ChunkStream stream = streams.get((int) chunkStreamId);
    if (stream != null) {
      partialBytes -= stream.received;
      stream.abort();
    }
  }

  private int available() {
    return data.length - position;
  }

  private boolean more() {
    byte[] bytes = input.poll();
    if (bytes == null) {
      return false;
    }
    if (available() == 0) {
      data = bytes;
    } else {
      int rest = available();
      byte[] joined = new byte[rest + bytes.length];
      System.arraycopy(data, position, joined, 0, rest);
      System.arraycopy(bytes, 0, joined, rest, bytes.length);
      data = joined;
    }
    position = 0;
    return true;
  }

  private boolean has(int count) {
    while (available() < count) {
      if (!more()) {
        return false;
      }
    }
    return true;
  }

  /** Reads one chunk header, or nothing at all when it is not there completely. */
  private boolean readHeader() throws RtmpProtocolException {
    if (!has(1)) {
      return false;
    }
    int first = data[position] & 0xFF;
    int format = first >> 6;
    int idBytes =
        switch (first & 0x3F) {
          case 0 -> 2;
          case 1 -> 3;
          default -> 1;
        };
    int fixed = idBytes + HEADER_BYTES[format];
    if (!has(fixed)) {
      return false;
    }
    ChunkStream stream = stream(chunkStreamId(first, idBytes));
    int at = position + idBytes;
    boolean extended = format == 3 ? stream.extended : uint24(at) == EXTENDED;
    if (!has(fixed + (extended ? 4 : 0))) {
      return false;
    }
    requireExpected(stream, format);
    at = position + idBytes;
    apply(stream, format, at, extended, extended ? uint32(position + fixed) : -1);
    position += fixed + (extended ? 4 : 0);
    leftInChunk = Math.min(stream.length - stream.received, chunkBytes);
    current = stream;
    return true;
  }

  private int chunkStreamId(int first, int idBytes) {
    return switch (idBytes) {
      case 1 -> first & 0x3F;
      case 2 -> 64 + (data[position + 1] & 0xFF);
      default -> 64 + (data[position + 1] & 0xFF) + ((data[position + 2] & 0xFF) << 8);
    };
  }

  private ChunkStream stream(int id) throws RtmpProtocolException {
    ChunkStream stream = streams.get(id);
    if (stream == null) {
      if (streams.size() >= MAX_CHUNK_STREAMS) {
        throw new RtmpProtocolException("more than " + MAX_CHUNK_STREAMS + " chunk streams");
      }
      stream = new ChunkStream(id);
      streams.put(id, stream);
    }
    return stream;
  }

  private static void requireExpected(ChunkStream stream, int format) throws RtmpProtocolException {
    if (format != 0 && !stream.known) {
      throw new RtmpProtocolException(
          "received type " + format + " chunk without previous chunk on stream " + stream.id);
    }
    if (format != 3 && stream.assembling()) {
      throw new RtmpProtocolException(
          "received type " + format + " chunk but expected type 3 chunk on stream " + stream.id);
    }
  }

  private void apply(ChunkStream stream, int format, int at, boolean extended, long extendedValue)
      throws RtmpProtocolException {
    if (format < 2) {
      int length = uint24(at + 3);
      if (length > maxMessageBytes) {
        throw new RtmpProtocolException(
            "body size (" + length + ") exceeds maximum (" + maxMessageBytes + ")");
      }
      stream.length = length;
      stream.type = data[at + 6] & 0xFF;
    }
    if (format < 3) {
      long field = extended ? extendedValue : uint24(at);
      stream.extended = extended;
      stream.deltaMs = format == 0 ? 0 : field;
      stream.timestampMs = format == 0 ? field : stream.timestampMs + field;
      stream.known = true;
    } else if (!stream.assembling()) {
      stream.timestampMs += stream.deltaMs;
    }
    if (format == 0) {
      stream.streamId =
          (data[at + 7] & 0xFF)
              | (data[at + 8] & 0xFF) << 8
              | (data[at + 9] & 0xFF) << 16
              | (data[at + 10] & 0xFF) << 24;
    }
    stream.timestampMs &= 0xFFFFFFFFL;
  }

  private int uint24(int at) {
    return (data[at] & 0xFF) << 16 | (data[at + 1] & 0xFF) << 8 | (data[at + 2] & 0xFF);
  }

  private long uint32(int at) {
    return (long) uint24(at) << 8 | (data[at + 3] & 0xFF);
  }
}
