package babelmux.media;

/** The length of an Opus packet, by its own first bytes (RFC 6716, section 3). */
final class OpusPacket {
  private static final int RATE = 48_000;
  // Samples at 48 kHz: SILK-only, hybrid and CELT-only configurations.
  private static final int[] SILK = {480, 960, 1920, 2880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};

  private OpusPacket() {}

  /** Samples at {@code rate}; 0 for what is no Opus packet. */
  static int samples(byte[] head, int size, int rate) {
    if (size < 1) {
      return 0;
    }
    int config = (head[0] & 0xff) >> 3;
    int frame =
        config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3];
    int frames =
        switch (head[0] & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> size < 2 ? 0 : head[1] & 0x3f;
        };
    // No packet is longer than 120 ms.
    int samples = frames * frame;
    return samples > RATE * 120 / 1000 ? 0 : (int) ((long) samples * rate / RATE);
  }
}
