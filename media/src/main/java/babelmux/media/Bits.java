package babelmux.media;

/** Reads bits, the highest of each byte first; zeros behind the end. One thread. */
final class Bits {
  private final byte[] bytes;
  private int at;

  /**
   * @param bytes not copied
   */
  Bits(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param count 1 to 31
   */
  int take(int count) {
    int value = 0;
    for (int n = 0; n < count; n++) {
      int bit = left() > 0 ? bytes[at >> 3] >> (7 - (at & 7)) & 1 : 0;
      value = value << 1 | bit;
      at++;
    }
    return value;
  }

  void skip(int count) {
    at += count;
  }

  /** Skips to the next byte's first bit. */
  void align() {
    at = (at + 7) & ~7;
  }

  /** Bits that are left; negative when more were taken than there are. */
  int left() {
    return bytes.length * 8 - at;
  }

  boolean isBeyond() {
    return left() < 0;
  }
}
