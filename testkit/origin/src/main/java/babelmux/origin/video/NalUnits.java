package babelmux.origin.video;

import babelmux.origin.rtmp.RtmpProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** NAL units with 4 bytes of length in front of each, as FLV carries them. */
final class NalUnits {
  private static final int LENGTH_BYTES = 4;
  private static final int MAX_COUNT = 4096;

  private NalUnits() {}

  /** The units in {@code payload}, empty ones left out. */
  static List<byte[]> split(byte[] payload) throws RtmpProtocolException {
    List<byte[]> nals = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(payload);
    do {
      int length = in.remaining() < LENGTH_BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining() || nals.size() >= MAX_COUNT) {
        throw new RtmpProtocolException("unable to decode AVCC: invalid length");
      }
      if (length > 0) {
        nals.add(Arrays.copyOfRange(payload, in.position(), in.position() + length));
        in.position(in.position() + length);
      }
    } while (in.hasRemaining());
    return nals;
  }

  static byte[] join(List<byte[]> nals) {
    ByteBuffer out =
        ByteBuffer.allocate(nals.stream().mapToInt(nal -> LENGTH_BYTES + nal.length).sum());
    nals.forEach(nal -> out.putInt(nal.length).put(nal));
    return out.array();
  }
}
