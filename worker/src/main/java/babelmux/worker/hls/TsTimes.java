package babelmux.worker.hls;

/**
 * Finds the first presentation time in an MPEG-TS segment (ISO/IEC 13818-1), in files that may hold
 * anything. Pure.
 */
final class TsTimes {
  private static final int PACKET = 188;
  private static final int SYNC = 0x47;

  private TsTimes() {}

  /**
   * The presentation time of the first video or audio, microseconds; 26.5 h have all of them.
   *
   * @param segment its beginning suffices
   */
  static long presentationUs(byte[] segment) throws HlsException {
    for (int at = 0; at + PACKET <= segment.length && octet(segment, at) == SYNC; at += PACKET) {
      long pts = pts(segment, at);
      if (pts >= 0) {
        return pts * 100 / 9;
      }
    }
    throw HlsException.unavailable("an MPEG-TS segment without a presentation time");
  }

  /** The presentation time that a packet has, ticks of 90 kHz; negative when it has none. */
  private static long pts(byte[] segment, int packet) {
    boolean begins = (octet(segment, packet + 1) & 0x40) != 0;
    int control = octet(segment, packet + 3) >> 4 & 3;
    int at = packet + 4 + (control == 3 ? 1 + octet(segment, packet + 4) : 0);
    boolean hasPes = begins && (control & 1) != 0 && at + 14 <= packet + PACKET;
    if (!hasPes
        || octet(segment, at) != 0
        || octet(segment, at + 1) != 0
        || octet(segment, at + 2) != 1) {
      return -1;
    }
    int stream = octet(segment, at + 3);
    boolean isMedia = stream >= 0xc0 && stream <= 0xef;
    boolean hasPts = (octet(segment, at + 7) & 0x80) != 0;
    if (!isMedia || !hasPts) {
      return -1;
    }
    long high = octet(segment, at + 9) >> 1 & 7;
    int middle = octet(segment, at + 10) << 7 | octet(segment, at + 11) >> 1;
    int low = octet(segment, at + 12) << 7 | octet(segment, at + 13) >> 1;
    return high << 30 | (long) middle << 15 | low;
  }

  private static int octet(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }
}
