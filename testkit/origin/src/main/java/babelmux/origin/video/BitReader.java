package babelmux.origin.video;

/**
 * Reads the bits of a NAL unit, without its emulation prevention bytes. Every read is checked
 * against what is there.
 */
final class BitReader {
  private static final int MAX_ZEROS = 31;

  private final byte[] data;
  private final int bits;
  private int position;

  private BitReader(byte[] data, int bytes) {
    this.data = data;
    this.bits = bytes * 8;
  }

  /**
   * @param skip bytes of the NAL unit's header
   * @param limit bytes to look at, at most
   */
  static BitReader of(byte[] nal, int skip, int limit) {
    int end = Math.min(nal.length, skip + limit);
    byte[] raw = new byte[Math.max(0, end - skip)];
    int count = 0;
    int zeros = 0;
    for (int at = skip; at < end; at++) {
      if (zeros >= 2 && nal[at] == 3) {
        zeros = 0;
        continue;
      }
      zeros = nal[at] == 0 ? zeros + 1 : 0;
      raw[count++] = nal[at];
    }
    return new BitReader(raw, count);
  }

  boolean flag() throws BitstreamException {
    return bits(1) != 0;
  }

  /**
   * @param count 0..32
   */
  long bits(int count) throws BitstreamException {
    require(count);
    long value = 0;
    for (int i = 0; i < count; i++, position++) {
      value = value << 1 | (data[position >> 3] >> (7 - (position & 7)) & 1);
    }
    return value;
  }

  void skip(int count) throws BitstreamException {
    require(count);
    position += count;
  }

  /** An unsigned Exp-Golomb code. */
  long golomb() throws BitstreamException {
    int zeros = 0;
    while (!flag()) {
      if (++zeros > MAX_ZEROS) {
        throw new BitstreamException("Exp-Golomb code of more than 32 bits");
      }
    }
    return (1L << zeros) - 1 + bits(zeros);
  }

  /** An unsigned Exp-Golomb code in 0..{@code max}. */
  int golomb(int max) throws BitstreamException {
    long value = golomb();
    if (value > max) {
      throw new BitstreamException("value " + value + ", at most " + max);
    }
    return (int) value;
  }

  /** A signed Exp-Golomb code. */
  long signedGolomb() throws BitstreamException {
    long code = golomb();
    return (code & 1) == 0 ? -(code >> 1) : (code + 1) >> 1;
  }

  private void require(int count) throws BitstreamException {
    if (count > bits - position) {
      throw new BitstreamException((bits - position) + " bits left, " + count + " expected");
    }
  }
}
