package babelmux.worker.hls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the decoding time of a fragmented MP4 segment's first sample (ISO/IEC 14496-12), in files
 * that may hold anything. Pure.
 */
final class Fmp4Times {
  private static final long MAX_TIMESCALE = 10_000_000;
  private static final long MAX_SECONDS = 100L * 366 * 86_400;

  private Fmp4Times() {}

  /**
   * The ticks a second of the first track.
   *
   * @param init the file that EXT-X-MAP names
   */
  static long timescale(byte[] init) throws HlsException {
    ByteBuffer header = find(ByteBuffer.wrap(init), "moov", "trak", "mdia", "mdhd");
    if (header != null && header.remaining() >= 24) {
      int from = header.position();
      long scale = header.getInt(header.get(from) == 1 ? from + 20 : from + 12) & 0xffff_ffffL;
      if (scale > 0 && scale <= MAX_TIMESCALE) {
        return scale;
      }
    }
    throw HlsException.unavailable("an MP4 file without a time scale");
  }

  /**
   * The decoding time of the first sample, microseconds.
   *
   * @param segment its beginning suffices
   */
  static long decodingUs(byte[] segment, long timescale) throws HlsException {
    ByteBuffer time = find(ByteBuffer.wrap(segment), "moof", "traf", "tfdt");
    if (time != null && time.remaining() >= 8) {
      int from = time.position();
      boolean isLong = time.get(from) == 1;
      if (!isLong || time.remaining() >= 12) {
        long ticks = isLong ? time.getLong(from + 4) : time.getInt(from + 4) & 0xffff_ffffL;
        long seconds = ticks / timescale;
        if (ticks >= 0 && seconds < MAX_SECONDS) {
          return seconds * 1_000_000 + ticks % timescale * 1_000_000 / timescale;
        }
      }
    }
    throw HlsException.unavailable("an MP4 segment without a decoding time");
  }

  /** The content of the first box of a path of types; null when there is none. */
  private static @Nullable ByteBuffer find(ByteBuffer file, String... path) {
    ByteBuffer within = file;
    for (String type : path) {
      ByteBuffer found = box(within, type);
      if (found == null) {
        return null;
      }
      within = found;
    }
    return within;
  }

  private static @Nullable ByteBuffer box(ByteBuffer within, String type) {
    int at = within.position();
    while (within.limit() - at >= 8) {
      long size = within.getInt(at) & 0xffff_ffffL;
      int head = 8;
      if (size == 1) {
        if (within.limit() - at < 16) {
          return null;
        }
        size = within.getLong(at + 8);
        head = 16;
      }
      if (size < head) {
        return null;
      }
      byte[] name = new byte[4];
      within.get(at + 4, name);
      // Only the beginning of a file is here: its last box may be cut.
      int end = (int) Math.min(within.limit(), at + Math.min(size, Integer.MAX_VALUE / 2));
      if (new String(name, StandardCharsets.ISO_8859_1).equals(type)) {
        return within.duplicate().position(at + head).limit(Math.max(at + head, end));
      }
      if (at + size > within.limit()) {
        return null;
      }
      at = end;
    }
    return null;
  }
}
