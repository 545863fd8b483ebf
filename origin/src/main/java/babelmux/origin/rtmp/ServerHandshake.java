package babelmux.origin.rtmp;

import java.security.SecureRandom;

/** The server's part of the simple handshake. */
public final class ServerHandshake {
  /** Length of C0 and C1 together. */
  public static final int C0C1_BYTES = 1537;

  /** Length of C2. */
  public static final int C2_BYTES = 1536;

  private static final int C1_BYTES = 1536;
  private static final int HEADER_BYTES = 8;

  private ServerHandshake() {}

  /**
   * S0, S1 and S2. The version bytes of S1 are zero, otherwise readers look for a digest in it; S2
   * echoes the random part of C1.
   *
   * @param c0c1 exactly {@link #C0C1_BYTES}
   * @throws RtmpProtocolException when C0 asks for anything but version 3
   */
  public static byte[] answer(byte[] c0c1) throws RtmpProtocolException {
    if (c0c1[0] != 3) {
      throw new RtmpProtocolException("invalid rtmp version (" + (c0c1[0] & 0xFF) + ")");
    }
    byte[] random = new byte[C1_BYTES - HEADER_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] answer = new byte[1 + 2 * C1_BYTES];
    answer[0] = 3;
    System.arraycopy(random, 0, answer, 1 + HEADER_BYTES, random.length);
    System.arraycopy(c0c1, 1, answer, 1 + C1_BYTES, C1_BYTES);
    return answer;
  }
}
