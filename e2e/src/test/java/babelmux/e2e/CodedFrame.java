package babelmux.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A coded frame of a video FLV tag, told by what a server must not change: the slices of H.264 and
 * HEVC, the frame and tile OBUs of AV1, the whole of VP9.
 *
 * @param ptsMs presentation time as the tags have it, milliseconds
 * @param dtsMs decoding time, milliseconds
 * @param sha256 of the payload without parameter sets, delimiters and SEI
 * @param captions SEI messages of the type that carries captions
 */
record CodedFrame(long ptsMs, long dtsMs, String sha256, int captions) {
  private static final int LENGTH = 4;

  /** The frames of all video tags, in decoding order. */
  static List<CodedFrame> of(List<FlvTag> tags) {
    List<CodedFrame> frames = new ArrayList<>();
    for (FlvTag tag : tags) {
      if (tag.isVideo() && !tag.isHeader() && hasPayload(tag.body())) {
        frames.add(of(tag));
      }
    }
    return frames;
  }

  private static boolean hasPayload(byte[] body) {
    if ((body[0] & 0x80) != 0) {
      int type = body[0] & 0x0f;
      return type == 1 || type == 3;
    }
    return body[1] == 1;
  }

  private static CodedFrame of(FlvTag tag) {
    byte[] body = tag.body();
    boolean enhanced = (body[0] & 0x80) != 0;
    String codec = enhanced ? new String(body, 1, 4, StandardCharsets.US_ASCII) : "avc1";
    boolean reordered = codec.equals("avc1") || codec.equals("hvc1");
    boolean hasOffset = enhanced ? reordered && (body[0] & 0x0f) == 1 : true;
    int offsetAt = enhanced ? 5 : 2;
    int from = hasOffset ? offsetAt + 3 : offsetAt;
    long offsetMs = hasOffset ? int24(body, offsetAt) : 0;
    MessageDigest hash = newHash();
    int captions = 0;
    switch (codec) {
      case "avc1", "hvc1" -> captions = slices(body, from, codec.equals("hvc1"), hash);
      case "av01" -> frameObus(body, from, hash);
      default -> hash.update(body, from, body.length - from);
    }
    return new CodedFrame(
        tag.millis() + offsetMs, tag.millis(), HexFormat.of().formatHex(hash.digest()), captions);
  }

  /**
   * The hash of the slices of an H.264 or HEVC packet whose NAL units have their lengths in front,
   * as MP4 and FLV have them, or start codes, as MPEG-TS has them.
   */
  static String slicesSha256(byte[] packet, boolean hevc) {
    MessageDigest hash = newHash();
    slices(hasStartCode(packet) ? withLengths(packet) : packet, 0, hevc, hash);
    return HexFormat.of().formatHex(hash.digest());
  }

  private static boolean hasStartCode(byte[] packet) {
    return packet.length > LENGTH
        && packet[0] == 0
        && packet[1] == 0
        && packet[2] == 0
        // As a length it would be that of a unit without content.
        && packet[3] == 1;
  }

  private static byte[] withLengths(byte[] packet) {
    ByteBuffer units = ByteBuffer.allocate(2 * packet.length);
    int at = startOfUnit(packet, 0);
    while (at < packet.length) {
      int next = startOfUnit(packet, at);
      int end = next < packet.length ? next - 3 : packet.length;
      while (end > at && packet[end - 1] == 0) {
        end--;
      }
      units.putInt(end - at).put(packet, at, end - at);
      at = next;
    }
    return Arrays.copyOf(units.array(), units.position());
  }

  /** Behind the next start code; the packet's end when there is none. */
  private static int startOfUnit(byte[] packet, int from) {
    for (int i = from; i + 3 <= packet.length; i++) {
      if (packet[i] == 0 && packet[i + 1] == 0 && packet[i + 2] == 1) {
        return i + 3;
      }
    }
    return packet.length;
  }

  /** Hashes the slices; returns how many SEI messages with captions stand beside them. */
  private static int slices(byte[] body, int from, boolean hevc, MessageDigest hash) {
    int captions = 0;
    int at = from;
    while (at + LENGTH < body.length) {
      int length = int32(body, at);
      int unit = at + LENGTH;
      int type = hevc ? body[unit] >> 1 & 0x3f : body[unit] & 0x1f;
      boolean slice = hevc ? type < 32 : type >= 1 && type <= 5;
      if (slice) {
        hash.update(body, unit, length);
      } else if (!hevc && type == 6 && length > 2 && body[unit + 1] == 4) {
        captions++;
      }
      at = unit + length;
    }
    return captions;
  }

  private static void frameObus(byte[] body, int from, MessageDigest hash) {
    int at = from;
    while (at < body.length) {
      int header = body[at] & 0xff;
      int type = header >> 3 & 0x0f;
      at += (header & 4) != 0 ? 2 : 1;
      int length = body.length - at;
      if ((header & 2) != 0) {
        length = 0;
        int shift = 0;
        int value;
        do {
          value = body[at++] & 0xff;
          length |= (value & 0x7f) << shift;
          shift += 7;
        } while ((value & 0x80) != 0);
      }
      if (type == 3 || type == 4 || type == 6) {
        hash.update(body, at, length);
      }
      at += length;
    }
  }

  private static int int24(byte[] body, int at) {
    return body[at] << 16 | (body[at + 1] & 0xff) << 8 | (body[at + 2] & 0xff);
  }

  private static int int32(byte[] body, int at) {
    return (body[at] & 0xff) << 24
        | (body[at + 1] & 0xff) << 16
        | (body[at + 2] & 0xff) << 8
        | (body[at + 3] & 0xff);
  }

  private static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
