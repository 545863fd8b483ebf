package babelmux.origin.rtmp;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The server's part of the simple handshake. One per connection, one thread. */
public final class ServerHandshake {
  private static final int PART_BYTES = 1536;
  private static final int HEADER_BYTES = 8;
  private static final int C0C1_BYTES = 1 + PART_BYTES;
  private static final int WHOLE_BYTES = C0C1_BYTES + PART_BYTES;

  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private boolean answered;
  private boolean done;

  /**
   * Takes bytes of the client.
   *
   * @return S0, S1 and S2 to be sent when these bytes complete C1, else null
   * @throws RtmpProtocolException when C0 asks for anything but version 3
   */
  public byte @Nullable [] feed(byte[] bytes) throws RtmpProtocolException {
    received.writeBytes(bytes);
    byte[] all = received.toByteArray();
    if (all.length > 0 && all[0] != 3) {
      throw new RtmpProtocolException("invalid rtmp version (" + (all[0] & 0xFF) + ")");
    }
    done = all.length >= WHOLE_BYTES;
    if (answered || all.length < C0C1_BYTES) {
      return null;
    }
    answered = true;
    return answer(all);
  }

  /** True when C2 has arrived. */
  public boolean done() {
    return done;
  }

  /** Bytes that came after C2; once, when {@link #done}. */
  public byte[] rest() {
    byte[] all = received.toByteArray();
    received.reset();
    return Arrays.copyOfRange(all, WHOLE_BYTES, all.length);
  }

  /** The version bytes of S1 are zero, otherwise readers look for a digest in it; S2 echoes C1. */
  private static byte[] answer(byte[] c0c1) {
    byte[] random = new byte[PART_BYTES - HEADER_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] answer = new byte[1 + 2 * PART_BYTES];
    answer[0] = 3;
    System.arraycopy(random, 0, answer, 1 + HEADER_BYTES, random.length);
    System.arraycopy(c0c1, 1, answer, 1 + PART_BYTES, PART_BYTES);
    return answer;
  }
}
