package babelmux.media;

import org.jspecify.annotations.Nullable;

/**
 * The right half of an AAC frame's window (ISO/IEC 14496-3, 4.6.11). Where a frame of one encoder
 * follows a frame of another, aliasing cancels only if the frame that is left out had the same
 * right half as the one that stands in its place.
 *
 * @param brief whether the slope is that of a short block
 * @param shape 1 is Kaiser-Bessel, 0 is sine
 */
public record AacWindow(boolean brief, int shape) {
  // A frame begins with its channels, or with a few elements of fill before them.
  private static final int HEAD_BYTES = 64;
  private static final int MAX_FILLS = 4;

  private static final int SINGLE_CHANNEL = 0;
  private static final int CHANNEL_PAIR = 1;
  private static final int DATA = 4;
  private static final int FILL = 6;

  private static final int LONG_START = 1;
  private static final int EIGHT_SHORT = 2;

  /**
   * The window of a frame of AAC-LC with one or two channels.
   *
   * @param packet a raw frame, without ADTS header; stays the caller's
   * @return null when both channels do not share one window, and when the bytes are none of AAC
   */
  public static @Nullable AacWindow of(Packet packet) {
    return of(packet.head(HEAD_BYTES));
  }

  static @Nullable AacWindow of(byte[] frame) {
    Bits bits = new Bits(frame);
    for (int n = 0; n < MAX_FILLS; n++) {
      int element = bits.take(3);
      switch (element) {
        case SINGLE_CHANNEL -> {
          bits.take(4);
          bits.take(8);
          return window(bits);
        }
        case CHANNEL_PAIR -> {
          bits.take(4);
          return bits.take(1) == 1 ? window(bits) : null;
        }
        case FILL -> {
          int bytes = bits.take(4);
          bits.skip(8 * (bytes == 15 ? 14 + bits.take(8) : bytes));
        }
        case DATA -> skipData(bits);
        default -> {
          return null;
        }
      }
    }
    return null;
  }

  private static void skipData(Bits bits) {
    bits.take(4);
    boolean aligned = bits.take(1) == 1;
    int bytes = bits.take(8);
    if (bytes == 255) {
      bytes += bits.take(8);
    }
    if (aligned) {
      bits.align();
    }
    bits.skip(8 * bytes);
  }

  private static @Nullable AacWindow window(Bits bits) {
    bits.take(1);
    int sequence = bits.take(2);
    int shape = bits.take(1);
    boolean brief = sequence == LONG_START || sequence == EIGHT_SHORT;
    return bits.isBeyond() ? null : new AacWindow(brief, shape);
  }
}
