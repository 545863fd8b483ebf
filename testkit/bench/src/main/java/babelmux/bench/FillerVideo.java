package babelmux.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Makes H.264 in FLV larger, with NAL units of filler data behind each picture, as encoders do that
 * keep to a constant bit rate. Nothing else of it changes: a decoder drops filler (ITU-T H.264,
 * 7.3.2.7: NAL unit type 12, bytes FF, then the stop bit). Pure.
 */
final class FillerVideo {
  // Adobe, Video File Format Specification 10, E.2 to E.4.
  private static final int FILE_HEADER = 9;
  private static final int BACK_POINTER = 4;
  private static final int TAG_HEADER = 11;
  private static final int VIDEO_TAG = 9;
  private static final int AVC = 7;
  private static final int PICTURE = 1;
  private static final int NAL_LENGTH = 4;
  private static final byte FILLER = 12;
  private static final byte STOP = (byte) 0x80;

  private FillerVideo() {}

  /**
   * Makes a file as long as wanted, or a little shorter.
   *
   * @param flv a whole file whose NAL units have lengths of four bytes; one that is longer stays as
   *     it is
   */
  static byte[] fillTo(byte[] flv, int length) {
    int fits = 0;
    int tooLarge = 256;
    while (fill(flv, tooLarge).length <= length) {
      fits = tooLarge;
      tooLarge *= 2;
    }
    while (tooLarge - fits > 1) {
      int middle = (fits + tooLarge) / 2;
      if (fill(flv, middle).length <= length) {
        fits = middle;
      } else {
        tooLarge = middle;
      }
    }
    return fill(flv, fits);
  }

  /**
   * @param flv a whole file whose NAL units have lengths of four bytes
   * @param pictureBytes the least that a picture takes afterwards
   * @throws IllegalArgumentException when it is no FLV
   */
  private static byte[] fill(byte[] flv, int pictureBytes) {
    if (flv.length < FILE_HEADER + BACK_POINTER || flv[0] != 'F' || flv[1] != 'L') {
      throw new IllegalArgumentException("expected an FLV file");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = FILE_HEADER + BACK_POINTER;
    out.write(flv, 0, at);
    while (at + TAG_HEADER <= flv.length) {
      int size = ByteBuffer.wrap(flv, at, 4).getInt() & 0xffffff;
      if (at + TAG_HEADER + size + BACK_POINTER > flv.length) {
        throw new IllegalArgumentException("the FLV file ends within a tag");
      }
      byte[] header = Arrays.copyOfRange(flv, at, at + TAG_HEADER);
      byte[] body = Arrays.copyOfRange(flv, at + TAG_HEADER, at + TAG_HEADER + size);
      tag(out, header, isPicture(header, body) ? filled(body, pictureBytes) : body);
      at += TAG_HEADER + size + BACK_POINTER;
    }
    return out.toByteArray();
  }

  private static boolean isPicture(byte[] header, byte[] body) {
    return header[0] == VIDEO_TAG
        && body.length > 1
        && (body[0] & 0x0f) == AVC
        && body[1] == PICTURE;
  }

  private static byte[] filled(byte[] body, int pictureBytes) {
    int filler = pictureBytes - body.length - NAL_LENGTH;
    if (filler < 2) {
      return body;
    }
    byte[] all = Arrays.copyOf(body, pictureBytes);
    ByteBuffer.wrap(all).putInt(body.length, filler);
    int begin = body.length + NAL_LENGTH;
    Arrays.fill(all, begin, all.length, (byte) 0xff);
    all[begin] = FILLER;
    all[all.length - 1] = STOP;
    return all;
  }

  private static void tag(ByteArrayOutputStream out, byte[] header, byte[] body) {
    byte[] length = ByteBuffer.allocate(4).putInt(body.length).array();
    System.arraycopy(length, 1, header, 1, 3);
    out.writeBytes(header);
    out.writeBytes(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt(TAG_HEADER + body.length).array());
  }
}
