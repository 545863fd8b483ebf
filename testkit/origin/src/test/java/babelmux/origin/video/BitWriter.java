package babelmux.origin.video;

import java.io.ByteArrayOutputStream;

/** Writes NAL units bit by bit, with emulation prevention. */
final class BitWriter {
  private final StringBuilder bits = new StringBuilder();

  BitWriter bits(int count, long value) {
    for (int i = count - 1; i >= 0; i--) {
      bits.append(value >> i & 1);
    }
    return this;
  }

  BitWriter golomb(int... values) {
    for (int value : values) {
      int length = 32 - Integer.numberOfLeadingZeros(value + 1);
      bits(length - 1, 0).bits(length, value + 1L);
    }
    return this;
  }

  byte[] nal(int... header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : header) {
      out.write(value);
    }
    StringBuilder whole = new StringBuilder(bits).append('1');
    while (whole.length() % 8 != 0) {
      whole.append('0');
    }
    int zeros = 0;
    for (int at = 0; at < whole.length(); at += 8) {
      int value = Integer.parseInt(whole.substring(at, at + 8), 2);
      if (zeros >= 2 && value <= 3) {
        out.write(3);
        zeros = 0;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      out.write(value);
    }
    return out.toByteArray();
  }
}
